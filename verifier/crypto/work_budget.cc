// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/work_budget.h"

namespace tegata::verifier {
namespace {

thread_local WorkBudget* budget_of_thread = nullptr;

}  // namespace

WorkBudget::Scope::Scope(WorkBudget& budget) noexcept { budget_of_thread = &budget; }
WorkBudget::Scope::~Scope() { budget_of_thread = nullptr; }

bool WorkBudget::take(std::uint64_t units) noexcept {
  WorkBudget* budget = budget_of_thread;
  if (budget == nullptr) return true;
  if (budget->exceeded_ || units > budget->left_) {
    budget->exceeded_ = true;
    return false;
  }
  budget->left_ -= units;
  return true;
}

}  // namespace tegata::verifier
