// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/content_source.h"

#include <future>
#include <memory>

namespace tegata::verifier {

std::vector<ContentAnswer> fetch_and_wait(ContentSource& source, std::vector<ContentRequest> requests,
                                          Deadline deadline) {
  // Shared with the callback: set_value may still be running when the waiting thread returns.
  auto promise = std::make_shared<std::promise<std::vector<ContentAnswer>>>();
  auto answers = promise->get_future();
  source.fetch(std::move(requests), deadline,
               [promise](std::vector<ContentAnswer> given) { promise->set_value(std::move(given)); });
  return answers.get();
}

}  // namespace tegata::verifier
