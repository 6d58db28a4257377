// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/digest.h"
#include "policy/model/verdict.h"
#include "policy/rules/checks.h"

namespace tegata::policy {

/// A place in a policy file, counted from 1.
struct SourceMark {
  std::string file;
  int line = 0;
  int column = 0;
};

/// What findings cost, as far as a rule or a policy says so itself.
struct CostSettings {
  std::optional<Enforcement> enforcement;
  std::optional<Cost> on_missing;
  std::optional<Cost> on_unknown;
};

struct Rule {
  std::string name;
  CostSettings costs;             ///< replaces the policy's, word by word
  std::vector<ImageGlob> images;  ///< empty: every image; always empty on rules about the request
  Check check;
  SourceMark mark;
  std::string help = {};  ///< what the policy's owner adds to each finding of it: a text or a URL
};

/// `match`. A platform without a block never matches once `match` is written at all.
struct Match {
  struct Kubernetes {
    std::vector<std::string> namespaces;          ///< globs; empty: all
    std::vector<std::string> exclude_namespaces;  ///< globs
  };
  struct Ecs {
    std::vector<std::string> accounts;  ///< exact; empty: all
    std::vector<std::string> clusters;  ///< globs of names; empty: all
  };
  std::optional<Kubernetes> kubernetes;
  std::optional<Ecs> ecs;
};

/// An exception from named rules, with an owner and an end.
struct Exemption {
  std::vector<std::string> rules;
  std::vector<ImageGlob> images;  ///< both empty never happens; both given are ANDed
  std::vector<Digest> digests;    ///< compared with the reference as written
  std::string reason;
  std::string owner;
  std::string expires_text;  ///< `2027-01-31`
  Time ends;                 ///< the first moment at which it has no effect: the day after, 00:00 UTC
  SourceMark mark;
  /// Where any are named, only these are exempted, and the rules are not lifted.
  std::vector<std::string> vulnerabilities = {};
};

struct Policy {
  std::string name;
  CostSettings costs;
  std::optional<Match> match;  ///< none: everything on both platforms
  std::vector<Rule> rules;
  std::vector<Exemption> exemptions;
  SourceMark mark;
};

/// Every policy of one load, immutable from then on and shared between threads.
struct PolicySet {
  std::vector<Policy> policies;  ///< by file name, then in file order
  std::string
      hash;  ///< 64 hex digits over the documents' bytes, the keys and lists they name; set by who loads them
  std::vector<Authority> authorities;  ///< every authority of every rule, each once
};

}  // namespace tegata::policy
