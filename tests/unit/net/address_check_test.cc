// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/address_check.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>

namespace tegata::verifier {
namespace {

sockaddr_storage address_of(const std::string& text) {
  sockaddr_storage storage{};
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    std::memcpy(&storage, &v4, sizeof v4);
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
    v6.sin6_family = AF_INET6;
    std::memcpy(&storage, &v6, sizeof v6);
  }
  return storage;
}
bool refused(const std::string& text, Loopback loopback) {
  const auto storage = address_of(text);
  return refusal_of(reinterpret_cast<const sockaddr&>(storage), loopback).has_value();
}

TEST(AddressCheck, RefusesWhatOnlyThisMachineCanReach) {
  for (const std::string text : {"169.254.0.0",
                                 "169.254.169.254",
                                 "169.254.170.2",
                                 "169.254.255.255",
                                 "100.100.100.200",
                                 "168.63.129.16",
                                 "192.0.0.192",
                                 "0.0.0.0",
                                 "0.1.2.3",
                                 "224.0.0.1",
                                 "239.255.255.255",
                                 "240.0.0.1",
                                 "255.255.255.255",
                                 "::",
                                 "fe80::1",
                                 "febf::1",
                                 "fec0::1",
                                 "ff02::1",
                                 "fd00:ec2::254",
                                 "fd00:ec2::23",
                                 "fd20:ce::254",
                                 "fd00:42::42",
                                 "64:ff9b:1::",
                                 "64:ff9b:1::8.8.8.8",
                                 "64:ff9b:1:a9fe:a9:fe00::",
                                 "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
                                 "::ffff:169.254.169.254",
                                 "::169.254.169.254",
                                 "64:ff9b::169.254.169.254",
                                 "2002:a9fe:a9fe::1",
                                 "::ffff:0.0.0.0"}) {
    EXPECT_TRUE(refused(text, Loopback::Refused)) << text;
    EXPECT_TRUE(refused(text, Loopback::Allowed)) << text;
  }
}

TEST(AddressCheck, LoopbackIsForTheOperatorToName) {
  for (const std::string text :
       {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::1"}) {
    EXPECT_TRUE(refused(text, Loopback::Refused)) << text;
    EXPECT_FALSE(refused(text, Loopback::Allowed)) << text;
  }
}

TEST(AddressCheck, AllowsPublicAndPrivateAddresses) {
  for (const std::string text :
       {"8.8.8.8",         "10.0.0.1",          "172.16.0.1",      "192.168.1.1",     "100.64.0.1",
        "169.253.255.255", "169.255.0.0",       "126.255.255.255", "128.0.0.1",       "223.255.255.255",
        "1.0.0.0",         "2606:4700::1111",   "fd12:3456::1",    "fd00:ec3::1",     "fd00:ec1:ffff::1",
        "fd20:ce::253",    "fd20:ce::255",      "fd20:ce::1:254",  "fd00:42::41",     "fd00:42::43",
        "fd00:42:1::42",   "64:ff9b:0:ffff::1", "64:ff9b:2::1",    "::ffff:10.0.0.1", "64:ff9b::8.8.8.8"})
    EXPECT_FALSE(refused(text, Loopback::Refused)) << text;
}

TEST(AddressCheck, ReadsHostsAsAResolverWould) {
  for (const std::string host :
       {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "localhost", "a.localhost",
        "localhost.", "[::ffff:7f00:1]", "169.254.169.254", "0xa9fea9fe"})
    EXPECT_TRUE(refusal_of_host(host, Loopback::Refused).has_value()) << host;
  for (const std::string host :
       {"registry.example.com", "localhost.example.com", "notlocalhost", "8.8.8.8", "[2606:4700::1]"})
    EXPECT_FALSE(refusal_of_host(host, Loopback::Refused).has_value()) << host;
  EXPECT_FALSE(refusal_of_host("localhost", Loopback::Allowed).has_value());
}

TEST(AddressCheck, RefusesOtherFamilies) {
  sockaddr unix_socket{};
  unix_socket.sa_family = AF_UNIX;
  EXPECT_TRUE(refusal_of(unix_socket, Loopback::Allowed).has_value());
}

}  // namespace
}  // namespace tegata::verifier
