// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/evidence_pruner.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

constexpr std::time_t kHour = 3600;
constexpr std::time_t kNow = 500'000 * kHour;

struct EvidencePrunerTest : ::testing::Test {
  EvidencePrunerTest() {
    auto name = (fs::temp_directory_path() / "tegata-prune-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~EvidencePrunerTest() override { fs::remove_all(folder); }
  void put(const std::string& name, std::time_t hours_old, std::size_t bytes = 1) const {
    const auto place = folder / name.substr(0, 2) / name;
    fs::create_directories(place.parent_path());
    std::ofstream(place) << std::string(bytes, 'x');
    const timespec dated{kNow - hours_old * kHour, 0};
    const timespec times[2] = {dated, dated};
    ASSERT_EQ(::utimensat(AT_FDCWD, place.c_str(), times, 0), 0);
  }
  [[nodiscard]] std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file()) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  void prune(EvidenceBounds bounds) const {
    EvidencePruner pruner(folder, bounds);
    int steps = 1;
    while (pruner.step(kNow)) ++steps;
    EXPECT_EQ(steps, 512);
  }
  fs::path folder;
};

TEST_F(EvidencePrunerTest, KeepsAllWithoutBounds) {
  put("00aa", 100'000, 1000);
  prune({});
  EXPECT_THAT(left(), ElementsAre("00aa"));
}

TEST_F(EvidencePrunerTest, RemovesWhatIsTooOldAndNothingYounger) {
  // Records may refer to a file for two hours after its date.
  static_assert(limits::kEvidenceUnused == 2h);
  put("00aa", 12);
  put("ffbb", 13);
  put("7fcc", 0);
  prune({.max_age = 10h});
  EXPECT_THAT(left(), ElementsAre("00aa", "7fcc"));
}

TEST_F(EvidencePrunerTest, RemovesTheOldestAboveTheSizeAndNoneAtIt) {
  put("00aa", 30, 100);
  put("10bb", 20, 100);
  put("20cc", 10, 100);
  prune({.max_bytes = 300});
  EXPECT_THAT(left(), ElementsAre("00aa", "10bb", "20cc"));
  prune({.max_bytes = 299});
  EXPECT_THAT(left(), ElementsAre("10bb", "20cc"));
  prune({.max_bytes = 100});
  EXPECT_THAT(left(), ElementsAre("20cc"));
}

TEST_F(EvidencePrunerTest, OfOneHourItRemovesNoMoreThanIsTooMuch) {
  for (const auto* name : {"00aa", "10bb", "20cc", "30dd"}) put(name, 5, 100);
  prune({.max_bytes = 250});
  EXPECT_EQ(left().size(), 2U);
}

TEST_F(EvidencePrunerTest, RemovesTemporaryFilesThatACrashLeft) {
  put("aa", 0);
  fs::rename(folder / "aa" / "aa", folder / "aa" / ".new-1");
  put("aa", 3);
  fs::rename(folder / "aa" / "aa", folder / "aa" / ".new-2");
  prune({.max_age = 10h});
  EXPECT_THAT(left(), ElementsAre(".new-1"));
}

TEST_F(EvidencePrunerTest, TouchesNothingThatIsNotItsOwn) {
  put("00aa", 100);
  fs::create_directories(folder / "zz");
  std::ofstream(folder / "zz" / "other") << "x";
  fs::create_symlink(folder / "zz" / "other", folder / "00" / "link");
  prune({.max_age = 1h});
  EXPECT_TRUE(fs::exists(folder / "zz" / "other"));
  EXPECT_FALSE(fs::exists(folder / "00" / "00aa"));
}

}  // namespace
}  // namespace tegata::verifier
