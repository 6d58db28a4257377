// SPDX-License-Identifier: Apache-2.0
// One name for each registry that has several.
#include <vector>

#include "policy/model/ascii.h"
#include "policy/model/image_reference.h"
#include "policy/model/ipv6_text.h"
#include "policy/model/registry_host.h"

namespace tegata {
namespace {

std::vector<std::string_view> labels_of(std::string_view name) {
  std::vector<std::string_view> labels;
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    labels.push_back(name.substr(0, dot));
    name.remove_prefix(dot + 1);
  }
  labels.push_back(name);
  return labels;
}

std::string joined(const std::vector<std::string_view>& labels, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < labels.size(); ++i) text.append(i == from ? "" : ".").append(labels[i]);
  return text;
}

std::string ecr_host(std::string_view account, std::string_view region, std::string_view suffix) {
  return std::string(account) + ".dkr.ecr." + std::string(region) + "." + std::string(suffix);
}

/// ECR answers under four host names: plain, FIPS, dual-stack, and dual-stack FIPS.
std::optional<std::string> canonical_ecr(std::string_view name) {
  const auto labels = labels_of(name);
  if (labels.size() >= 6 && labels[1] == "dkr" && labels[2] == "ecr-fips" && labels[4] == "amazonaws")
    return ecr_host(labels[0], labels[3], joined(labels, 4));
  if (labels.size() < 5 || (labels[1] != "dkr-ecr" && labels[1] != "dkr-ecr-fips")) return std::nullopt;
  const auto suffix = joined(labels, 3);
  if (suffix == "on.aws") return ecr_host(labels[0], labels[2], "amazonaws.com");
  if (suffix == "on.amazonwebservices.com.cn") return ecr_host(labels[0], labels[2], "amazonaws.com.cn");
  return std::nullopt;
}

std::string canonical_name(std::string name) {
  if (name == "index.docker.io" || name == "registry-1.docker.io") return "docker.io";
  if (name.starts_with('[') && name.ends_with(']'))
    if (const auto groups = parse_ipv6(std::string_view(name).substr(1, name.size() - 2)))
      return "[" + ipv6_text(*groups) + "]";
  if (auto ecr = canonical_ecr(name)) return *std::move(ecr);
  return name;
}

}  // namespace

std::string canonical_registry(std::string_view host) {
  const auto [name, port] = split_port(host);
  auto canonical = canonical_name(ascii_lower(name));
  // `buildhost:443/x` is a host, `buildhost/x` a name on Docker Hub: there the port has to stay.
  if (port && (*port != "443" || !looks_like_host(canonical))) canonical.append(":").append(*port);
  return canonical;
}

}  // namespace tegata
