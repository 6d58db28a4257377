// SPDX-License-Identifier: Apache-2.0
// Asks a TLS server on loopback over connections that are kept open, several kinds of request in turn,
// and prints what the server's process used and how long answers took, as JSON.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/bench/https_connection.h"
#include "tests/bench/process_cpu.h"

namespace {

using namespace tegata::bench;
using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

/// One kind of request, and what was seen of it.
struct Target {
  std::string name;
  std::string request;
  std::map<int, std::size_t> statuses;
  std::size_t allowed = 0;
  std::vector<double> latencies;  ///< µs, of every request
  std::vector<double> cpu;        ///< µs a request, of every round
};

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + " cannot be read");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// `NAME,PATH` is a GET, `NAME,PATH,FILE` a POST of the file.
Target target_of(const std::string& wish) {
  std::istringstream words(wish);
  std::string name, path, file;
  std::getline(words, name, ',');
  std::getline(words, path, ',');
  std::getline(words, file);
  const auto body = file.empty() ? std::string() : content_of(file);
  std::string request = (file.empty() ? "GET " : "POST ") + path + " HTTP/1.1\r\nHost: localhost\r\n";
  if (!file.empty())
    request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return {name, request + "\r\n" + body, {}, 0, {}, {}};
}

/// What one thread saw.
struct Seen {
  std::map<int, std::size_t> statuses;
  std::size_t allowed = 0;
  std::vector<double> latencies;
};

Seen ask_many(HttpsConnection& connection, const std::string& request, std::size_t times) {
  Seen seen;
  seen.latencies.reserve(times);
  for (std::size_t i = 0; i < times; ++i) {
    const auto before = Clock::now();
    const auto answer = connection.ask(request);
    seen.latencies.push_back(Microseconds(Clock::now() - before).count());
    ++seen.statuses[answer.status];
    seen.allowed += answer.allowed ? 1 : 0;
  }
  return seen;
}

/// `times` requests on each of the connections, side by side.
void run_round(Target& target, std::vector<HttpsConnection>& connections, std::size_t times, pid_t server) {
  std::vector<Seen> seen(connections.size());
  std::vector<std::thread> threads;
  const auto before = process_cpu(server);
  for (std::size_t i = 0; i < connections.size(); ++i)
    threads.emplace_back([&, i] { seen[i] = ask_many(connections[i], target.request, times); });
  for (auto& thread : threads) thread.join();
  const Microseconds used = process_cpu(server) - before;
  target.cpu.push_back(used.count() / static_cast<double>(times * connections.size()));
  for (const auto& one : seen) {
    for (const auto& [status, count] : one.statuses) target.statuses[status] += count;
    target.allowed += one.allowed;
    target.latencies.insert(target.latencies.end(), one.latencies.begin(), one.latencies.end());
  }
}

double quantile(const std::vector<double>& sorted, double part) {
  const auto at = static_cast<std::size_t>(part * static_cast<double>(sorted.size()));
  return sorted[std::min(at, sorted.size() - 1)];
}

nlohmann::json told(Target& target) {
  std::sort(target.latencies.begin(), target.latencies.end());
  std::sort(target.cpu.begin(), target.cpu.end());
  nlohmann::json statuses;
  for (const auto& [status, count] : target.statuses) statuses[std::to_string(status)] = count;
  return {{"name", target.name},
          {"requests", target.latencies.size()},
          {"statuses", statuses},
          {"allowed", target.allowed},
          {"cpuMicroseconds", quantile(target.cpu, 0.5)},
          {"p50Microseconds", quantile(target.latencies, 0.5)},
          {"p99Microseconds", quantile(target.latencies, 0.99)}};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Load over kept TLS connections, several kinds of request in turn");
  std::uint16_t port = 0;
  pid_t server = 0;
  std::size_t connections = 1, rounds = 1, requests = 100;
  std::vector<std::string> wishes;
  app.add_option("--port", port)->required();
  app.add_option("--pid", server, "The server's process, whose CPU time is told")->required();
  app.add_option("--connections", connections);
  app.add_option("--rounds", rounds, "How often each kind of request has its turn");
  app.add_option("--requests", requests, "In one turn, on each connection");
  app.add_option("--target", wishes, "NAME,PATH[,BODY-FILE]; repeatable")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    std::vector<Target> targets;
    for (const auto& wish : wishes) targets.push_back(target_of(wish));
    std::vector<HttpsConnection> open;
    for (std::size_t i = 0; i < connections; ++i) open.emplace_back(port);
    for (std::size_t round = 0; round < rounds; ++round)
      for (auto& target : targets) run_round(target, open, requests, server);
    nlohmann::json all = nlohmann::json::array();
    for (auto& target : targets) all.push_back(told(target));
    std::cout << all.dump(1) << "\n";
  } catch (const std::exception& error) {
    std::cerr << "https_load: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
