// Fits one adapter on a task in a file and writes its logits: what sklearn_check.py compares with its peer.
// adapt_tool ADAPTER TASK LOGITS [KEY=NUMBER|WORD ...]; TASK is seven little-endian int32 (classes, columns, rows of
// support, validation, text and queries, logit scale), then labels (support, validation) as int32, then rows as
// float32.
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <string_view>

#include "adapt/adapter.h"
#include "adapt/check.h"

namespace lix {
namespace {

struct FileTask {
  std::array<std::int32_t, 7> head{};
  std::vector<int> supportLabels, validationLabels;
  std::vector<float> support, validation, text, queries;

  std::size_t at(std::size_t i) const { return static_cast<std::size_t>(head[i]); }
  adapt::Matrix matrix(const std::vector<float>& values, std::size_t i) const { return {values, at(i), at(1)}; }
  adapt::Task task() const {
    return {{matrix(support, 2), supportLabels},
            {matrix(validation, 3), validationLabels},
            matrix(text, 4),
            at(0),
            static_cast<float>(head[6])};
  }
};

template <class T>
bool readInto(std::ifstream& file, std::vector<T>& values, std::size_t count) {
  values.resize(count);
  return static_cast<bool>(
      file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(T))));
}

bool readTask(const char* path, FileTask& out) {
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(out.head.data()), sizeof(out.head))) {
    return false;
  }
  const std::size_t columns = out.at(1);
  return readInto(file, out.supportLabels, out.at(2)) && readInto(file, out.validationLabels, out.at(3)) &&
         readInto(file, out.support, out.at(2) * columns) && readInto(file, out.validation, out.at(3) * columns) &&
         readInto(file, out.text, out.at(4) * columns) && readInto(file, out.queries, out.at(5) * columns);
}

ParamValue valueOf(std::string_view word) {
  long long whole = 0;
  double real = 0.0;
  const char* end = word.data() + word.size();
  if (std::from_chars(word.data(), end, whole).ptr == end) {
    return whole;
  }
  if (std::from_chars(word.data(), end, real).ptr == end) {
    return real;
  }
  return std::string(word);
}

int failed(std::string_view why) {
  std::cerr << why << '\n';
  return 1;
}

int run(int count, char** words) {
  FileTask file;
  if (count < 4 || !readTask(words[2], file)) {
    return failed("Usage: adapt_tool ADAPTER TASK LOGITS [KEY=VALUE ...], with a whole task file.");
  }
  ParamValues params;
  for (int i = 4; i < count; ++i) {
    const std::string_view pair = words[i];
    const auto split = std::min(pair.find('='), pair.size() - 1);
    params[std::string(pair.substr(0, split))] = valueOf(pair.substr(split + 1));
  }
  const auto adapter = adapt::find(words[1]);
  if (!adapter) {
    return failed(adapter.error().message);
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto classifier = (*adapter)->fit(file.task(), params);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  if (!classifier) {
    return failed(classifier.error().message);
  }
  const auto logits = (*classifier)->logits(file.matrix(file.queries, 5));
  std::ofstream out(words[3], std::ios::binary);
  out.write(reinterpret_cast<const char*>(logits.data()), static_cast<std::streamsize>(logits.size() * sizeof(float)));
  std::cout << "seconds_fit\t" << seconds.count() << '\n';
  for (const auto& [key, value] : (*classifier)->settings()) {
    std::cout << key << '\t';
    std::visit([](const auto& v) { std::cout << v << '\n'; }, value);
  }
  return out.flush() ? 0 : failed("The logits cannot be written: look at the folder and its space.");
}

}  // namespace
}  // namespace lix

int main(int count, char** words) { return lix::run(count, words); }
