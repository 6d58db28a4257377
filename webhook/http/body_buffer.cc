// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/body_buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "policy/model/limits.h"

namespace tegata::webhook::http {

void BodyBuffer::Free::operator()(char* bytes) const {
  if (mapped == 0)
    delete[] bytes;
  else
    ::munmap(bytes, mapped);
}

void BodyBuffer::open(std::size_t size) {
  close();
  const auto room = size + kBodyPadding;
  if (size <= limits::kSmallBody) {
    bytes_ = {new char[room], Free{0}};
    std::memset(bytes_.get() + size, 0, kBodyPadding);
  } else {
    void* pages = ::mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    bytes_ = {static_cast<char*>(pages), Free{room}};
  }
  size_ = size;
}

std::size_t BodyBuffer::append(std::string_view bytes) {
  const auto n = std::min(bytes.size(), missing());
  if (n != 0) std::memcpy(bytes_.get() + received_, bytes.data(), n);
  received_ += n;
  return n;
}

void BodyBuffer::close() noexcept {
  bytes_ = {nullptr, Free{0}};
  size_ = received_ = 0;
}

}  // namespace tegata::webhook::http
