// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "policy/model/limits.h"
#include "webhook/ecs/task_definition.h"

namespace tegata::webhook::ecs {
namespace {

namespace fs = std::filesystem;

/// A folder that goes away with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "tegata-definitions-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

constexpr std::string_view kBare = R"({"family": "a", "containerDefinitions": [{"image": "x"}]})";
constexpr std::string_view kDescribed =
    R"({"taskDefinition": {"family": "a", "revision": 3, "containerDefinitions": [{"image": "y"}]}})";

TEST(TaskDefinitionFolder, IsReadWholeInEitherForm) {
  const Folder folder;
  folder.write("bare.json", kBare);
  folder.write("described.json", kDescribed);
  folder.write("README.md", "not one");
  const auto definitions = read_task_definitions(folder.path(), {});
  ASSERT_TRUE(definitions.ok());
  EXPECT_EQ(definitions->size(), 2U);
  EXPECT_EQ((*definitions->find(*TaskDefinitionName::parse("a"), "1", "r"))->images.at(0).text, "y");
}

TEST(TaskDefinitionFolder, IsReadAsPowerShellWritesIt) {
  const Folder folder;
  std::string utf16 = "\xFF\xFE";
  for (const char c : kBare) utf16 += {c, '\0'};
  folder.write("utf16.json", utf16);
  folder.write("utf8.json", "\xEF\xBB\xBF" + std::string(kDescribed));
  const auto definitions = read_task_definitions(folder.path(), {});
  ASSERT_TRUE(definitions.ok()) << definitions.error().message;
  EXPECT_EQ(definitions->size(), 2U);
}

TEST(TaskDefinitionFolder, WithAFileThatCannotBeReadIsAnErrorThatNamesIt) {
  for (const auto text :
       std::vector<std::string_view>{"", "{}", "[]", "{\"family\": \"a\"}", kBare.substr(0, 30)}) {
    const Folder folder;
    folder.write("bare.json", kBare);
    folder.write("broken.json", text);
    const auto definitions = read_task_definitions(folder.path(), {});
    ASSERT_FALSE(definitions.ok()) << text;
    EXPECT_NE(definitions.error().message.find("broken.json"), std::string::npos)
        << definitions.error().message;
  }
}

TEST(TaskDefinitionFolder, WithOneDefinitionTwiceIsAnError) {
  const Folder folder;
  folder.write("one.json", kBare);
  folder.write("two.json", kBare);
  EXPECT_EQ(read_task_definitions(folder.path(), {}).error().code, ErrorCode::Malformed);
}

TEST(TaskDefinitionFolder, ThatIsNotThereIsAnError) {
  const Folder folder;
  EXPECT_EQ(read_task_definitions(folder.path() / "none", {}).error().code, ErrorCode::Misconfigured);
}

TEST(TaskDefinitionFolder, IsBoundedInTheBytesOfAFile) {
  const Folder folder;
  std::string text(kBare);
  text.append(limits::kInputFile - text.size(), ' ');
  folder.write("large.json", text);
  EXPECT_TRUE(read_task_definitions(folder.path(), {}).ok());
  folder.write("large.json", text + " ");
  EXPECT_EQ(read_task_definitions(folder.path(), {}).error().code, ErrorCode::LimitExceeded);
}

TEST(TaskDefinitionFolder, IsBoundedInFiles) {
  const Folder folder;
  const auto write = [&](std::size_t i) {
    folder.write(std::to_string(i) + ".json",
                 R"({"family": "f)" + std::to_string(i) + R"(", "containerDefinitions": []})");
  };
  for (std::size_t i = 0; i < limits::kTaskDefinitionFiles; ++i) write(i);
  EXPECT_TRUE(read_task_definitions(folder.path(), {}).ok());
  write(limits::kTaskDefinitionFiles);
  EXPECT_EQ(read_task_definitions(folder.path(), {}).error().code, ErrorCode::LimitExceeded);
}

}  // namespace
}  // namespace tegata::webhook::ecs
