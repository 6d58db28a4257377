// SPDX-License-Identifier: Apache-2.0
#include "webhook/metrics/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>

namespace tegata::webhook {
namespace {

using prometheus::MetricType;

std::string text_of(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The fields of /proc/self/stat from the third on (proc(5)): the second may hold any character.
std::vector<std::string> stat_fields() {
  const auto text = text_of("/proc/self/stat");
  const auto name_end = text.rfind(')');
  if (name_end == text.npos) return {};
  std::istringstream rest(text.substr(name_end + 1));
  return {std::istream_iterator<std::string>(rest), {}};
}

/// Unix seconds; 0 if unknown.
double boot_time() {
  std::istringstream lines(text_of("/proc/stat"));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("btime ")) return std::stod(line.substr(6));
  return 0;
}

void add(std::vector<prometheus::MetricFamily>& families, const char* name, const char* help, MetricType type,
         double value) {
  prometheus::ClientMetric metric;
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  families.push_back({name, help, type, {metric}});
}

void add_stat(std::vector<prometheus::MetricFamily>& families) {
  // Places of utime, stime, starttime, vsize and rss in proc(5), less the first two fields.
  constexpr std::size_t kUtime = 11;
  constexpr std::size_t kStime = 12;
  constexpr std::size_t kStart = 19;
  constexpr std::size_t kVirtual = 20;
  constexpr std::size_t kResident = 21;
  const auto fields = stat_fields();
  if (fields.size() <= kResident) return;
  const auto number = [&](std::size_t place) { return std::stod(fields[place]); };
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  add(families, "process_cpu_seconds_total", "User and system CPU time in seconds", MetricType::Counter,
      (number(kUtime) + number(kStime)) / ticks);
  add(families, "process_virtual_memory_bytes", "Virtual memory in bytes", MetricType::Gauge,
      number(kVirtual));
  add(families, "process_resident_memory_bytes", "Resident memory in bytes", MetricType::Gauge,
      number(kResident) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  if (const auto boot = boot_time(); boot != 0)
    add(families, "process_start_time_seconds", "When the process started, in Unix seconds",
        MetricType::Gauge, boot + number(kStart) / ticks);
}

void add_descriptors(std::vector<prometheus::MetricFamily>& families) {
  std::error_code error;
  const std::filesystem::directory_iterator all("/proc/self/fd", error);
  if (!error)
    add(families, "process_open_fds", "Open file descriptors", MetricType::Gauge,
        static_cast<double>(std::distance(begin(all), end(all))) - 1);  // the iterator has one
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    add(families, "process_max_fds", "The limit of open file descriptors", MetricType::Gauge,
        static_cast<double>(limit.rlim_cur));
}

}  // namespace

std::vector<prometheus::MetricFamily> process_metrics() {
  std::vector<prometheus::MetricFamily> families;
  add_stat(families);
  add_descriptors(families);
  return families;
}

}  // namespace tegata::webhook
