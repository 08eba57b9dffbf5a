#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "nn/checkpoint/pickle/values.h"

namespace lix::nn::detail {

/// The stack machine that a pickle is written for, cut down to what files of weights need. An instruction that is not
/// known, a stack that is too short, a place in the memo that was never filled: each is one sentence.
class Machine {
 public:
  Machine(std::span<const std::byte> pickle, std::string origin) : bytes_(pickle), origin_(std::move(origin)) {}

  /// The object that the pickle leaves, an index into values().
  Result<Index> run();
  const Values& values() const { return values_; }

 private:
  static constexpr Index kMark = ~Index(0);

  std::unexpected<Error> damaged(std::string_view why) const;
  Result<std::span<const std::byte>> take(std::size_t count);
  Result<std::uint64_t> number(std::size_t bytes);
  Result<std::string_view> line();

  Result<void> step(unsigned char code);
  Result<void> pushNumber(unsigned char code);
  Result<void> pushText();
  Result<void> pushGlobal();
  Result<void> container(unsigned char code);
  Result<void> memo(unsigned char code);
  Result<void> tuple(std::size_t count);
  Result<void> addTo(Kind kind, std::span<const Index> items, Index to);
  Result<void> addMarked(Kind kind);
  Result<void> reduce();
  Result<void> storage();
  Result<Index> tensor(std::span<const Index> arguments);

  Result<Index> make(Value value);
  Result<Index> makeList(Kind kind, std::vector<Index> items);
  Result<void> push(Result<Index> made);
  Result<Index> pop();
  Result<std::vector<Index>> popToMark();
  std::optional<std::vector<std::int64_t>> numbersOf(Index tuple) const;

  std::span<const std::byte> bytes_;
  std::string origin_;
  std::size_t at_ = 0;
  Values values_;
  std::vector<Index> stack_;
  std::unordered_map<std::uint32_t, Index> memo_;
};

}  // namespace lix::nn::detail
