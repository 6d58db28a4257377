// SPDX-License-Identifier: Apache-2.0
// Asks a TLS server on loopback over connections that are kept open, several kinds of request in turn,
// and prints what the server's process used and how long answers took, as JSON.
#include <sys/epoll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <deque>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

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
  std::map<int, std::size_t> statuses = {};
  std::size_t allowed = 0;
  std::size_t body_size = 0;            ///< of the last answer
  std::size_t least = ~std::size_t{0};  ///< answers that one connection got in one round
  std::vector<double> latencies = {};   ///< µs, of every request
  std::vector<double> cpu = {};         ///< µs a request, of every round
};

/// When a round ends.
struct Length {
  std::size_t requests;            ///< on each connection
  std::chrono::milliseconds time;  ///< none begins later; 0: no bound
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
  return {name, request + "\r\n" + body};
}

/// The connections, and one round of requests on all of them by one thread: a thread for each would measure
/// the client's own scheduling.
class Clients {
 public:
  Clients(std::uint16_t port, std::size_t count)
      : context_(client_context()), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (std::size_t i = 0; i < count; ++i) clients_.push_back({HttpsConnection(port, *context_)});
    for (auto& client : clients_) watch(client, EPOLL_CTL_ADD, EPOLLIN);
  }
  ~Clients() { ::close(epoll_); }
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;

  [[nodiscard]] std::string negotiated() const { return clients_.front().connection.negotiated(); }

  void round(Target& target, Length length) {
    target_ = &target;
    length_ = length;
    began_ = Clock::now();
    open_ = clients_.size();
    for (auto& client : clients_) {
      client.answered = 0;
      ask(client);
    }
    std::array<epoll_event, 64> events;
    while (open_ > 0) {
      const int count = ::epoll_wait(epoll_, events.data(), events.size(), 30'000);
      if (count <= 0) throw std::runtime_error("a request was not answered within 30 s");
      for (int i = 0; i < count; ++i) {
        auto& client = *static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr);
        proceed(client, client.connection.go_on());
      }
    }
    for (const auto& client : clients_) target.least = std::min(target.least, client.answered);
  }

 private:
  struct Client {
    HttpsConnection connection;
    Clock::time_point asked = {};
    std::size_t answered = 0;
    bool writing = false;
  };

  void watch(Client& client, int operation, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &client;
    ::epoll_ctl(epoll_, operation, client.connection.socket(), &event);
  }
  void ask(Client& client) {
    client.asked = Clock::now();
    proceed(client, client.connection.ask(target_->request));
  }
  void proceed(Client& client, HttpsConnection::State state) {
    const bool writing = state == HttpsConnection::State::NeedsWrite;
    if (writing != std::exchange(client.writing, writing))
      watch(client, EPOLL_CTL_MOD, writing ? EPOLLIN | EPOLLOUT : EPOLLIN);
    if (state == HttpsConnection::State::Answered) note(client);
  }
  void note(Client& client) {
    const auto now = Clock::now();
    const auto answer = client.connection.take_answer();
    target_->latencies.push_back(Microseconds(now - client.asked).count());
    ++target_->statuses[answer.status];
    target_->allowed += answer.allowed ? 1 : 0;
    target_->body_size = answer.body_size;
    ++client.answered;
    const bool late = length_.time.count() > 0 && now - began_ >= length_.time;
    if (client.answered < length_.requests && !late)
      ask(client);
    else
      --open_;
  }

  std::shared_ptr<ssl_ctx_st> context_;
  int epoll_;
  std::deque<Client> clients_;
  Target* target_ = nullptr;
  Length length_{};
  Clock::time_point began_;
  std::size_t open_ = 0;
};

void run_round(Target& target, Clients& clients, Length length, const std::vector<pid_t>& servers) {
  const auto used = [&] {
    std::chrono::nanoseconds all{0};
    for (const auto server : servers) all += process_cpu(server);
    return all;
  };
  const auto asked = target.latencies.size();
  const auto before = used();
  clients.round(target, length);
  target.cpu.push_back(Microseconds(used() - before).count() /
                       static_cast<double>(target.latencies.size() - asked));
}

double quantile(const std::vector<double>& sorted, double part) {
  const auto at = static_cast<std::size_t>(part * static_cast<double>(sorted.size()));
  return sorted[std::min(at, sorted.size() - 1)];
}

nlohmann::json told(Target& target, const std::string& negotiated) {
  std::sort(target.latencies.begin(), target.latencies.end());
  std::sort(target.cpu.begin(), target.cpu.end());
  nlohmann::json statuses;
  for (const auto& [status, count] : target.statuses) statuses[std::to_string(status)] = count;
  return {{"name", target.name},
          {"requests", target.latencies.size()},
          {"statuses", statuses},
          {"allowed", target.allowed},
          {"bodySize", target.body_size},
          {"leastOfOneConnection", target.least},
          {"tls", negotiated},
          {"cpuMicroseconds", quantile(target.cpu, 0.5)},
          {"p50Microseconds", quantile(target.latencies, 0.5)},
          {"p99Microseconds", quantile(target.latencies, 0.99)}};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Load over kept TLS connections, several kinds of request in turn");
  std::uint16_t port = 0;
  std::vector<pid_t> servers;
  std::size_t connections = 1, rounds = 1, requests = 100, milliseconds = 0;
  std::vector<std::string> wishes;
  app.add_option("--port", port)->required();
  app.add_option("--pid", servers, "A process of the server, whose CPU time is told; repeatable")->required();
  app.add_option("--connections", connections);
  app.add_option("--rounds", rounds, "How often each kind of request has its turn");
  app.add_option("--requests", requests, "In one turn, on each connection, at most");
  app.add_option("--milliseconds", milliseconds, "Of one turn, after which no request begins; 0: no bound");
  app.add_option("--target", wishes, "NAME,PATH[,BODY-FILE]; repeatable")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    std::vector<Target> targets;
    for (const auto& wish : wishes) targets.push_back(target_of(wish));
    Clients clients(port, connections);
    const Length length{requests, std::chrono::milliseconds(milliseconds)};
    for (std::size_t round = 0; round < rounds; ++round)
      for (auto& target : targets) run_round(target, clients, length, servers);
    nlohmann::json all = nlohmann::json::array();
    for (auto& target : targets) all.push_back(told(target, clients.negotiated()));
    std::cout << all.dump(1) << "\n";
  } catch (const std::exception& error) {
    std::cerr << "https_load: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
