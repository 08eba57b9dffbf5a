// One rank of several, for ranks_test: joins by the launcher's variables, does what its first argument says, and prints
// JSON where it leads. Exit codes: 0, 1 with a sentence on the standard error.
#include <ATen/Parallel.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "step_support.h"

namespace lix::test {
namespace {

using nlohmann::json;

/// Every collective with numbers that can be checked by hand.
Result<json> collectives(Ranks& ranks) {
  const double mine = ranks.rank() + 1.0;
  LIX_TRY(const at::Tensor rows, ranks.gather(at::full({2, 3}, mine, at::kDouble)));
  at::Tensor some = at::full({3}, mine, at::kDouble), one = at::full({}, 10.0 * mine, at::kDouble);
  at::Tensor large = at::full({4'000'000}, mine, at::kDouble), single = at::full({2}, mine, at::kFloat);
  LIX_CHECK(ranks.beginSum({some, one, large, single}));
  LIX_CHECK(ranks.beginSum({}));
  LIX_CHECK(ranks.wait());
  at::Tensor turned = at::arange(6, at::kDouble).view({2, 3}).t() * mine;  // not contiguous
  LIX_CHECK(ranks.takeFromLeader({turned}));
  LIX_TRY(const std::string text, ranks.leaders(cat("rank ", ranks.rank())));
  LIX_TRY(const std::string nothing, ranks.leaders(""));
  json rowSums = json::array();
  for (std::int64_t i = 0; i < rows.size(0); ++i) {
    rowSums.push_back(rows[i].sum().item<double>());
  }
  const double largest = large.max().item<double>(), least = large.min().item<double>();
  return json{{"rows", rowSums},
              {"some", some.sum().item<double>()},
              {"one", one.item<double>()},
              {"large", {least, largest}},
              {"single", single.sum().item<double>()},
              {"turned", turned.sum().item<double>()},
              {"text", text},
              {"nothing", nothing}};
}

/// Loss and gradients of every recipe, of all ranks together against one process with the whole batch.
Result<json> gradients(Ranks& ranks) {
  constexpr int kEach = 3;
  json found = json::object();
  for (const nn::Recipe& recipe : nn::recipes()) {
    for (const std::int64_t micro : {0, 2}) {
      Case c = makeCase(recipe, smallTowers(recipe), at::kDouble, kEach * ranks.size());
      const std::int64_t first = kEach * ranks.rank();
      LIX_TRY(const study::BatchLoss shared, study::lossAndGradients(c.model, recipe, c.pixels.narrow(0, first, kEach),
                                                                     c.ids.narrow(0, first, kEach), micro, {}, &ranks));
      const auto ours = takeGradients(c.model);
      LIX_TRY(const study::BatchLoss whole, study::lossAndGradients(c.model, recipe, c.pixels, c.ids, 0));
      const auto wanted = takeGradients(c.model);
      double greatest = 0.0;
      for (const auto& [name, gradient] : wanted) {
        greatest = std::max(greatest, gradient.abs().max().item<double>());
      }
      found[cat(recipe.id, micro == 0 ? "" : " cached")] = {
          {"loss", std::abs(shared.series.at("loss") - whole.series.at("loss"))},
          {"gradient", difference(wanted, ours)},
          {"greatest", greatest}};
    }
  }
  return found;
}

/// A picture of rank 1 that is not finite: every rank finds it, by its row in the whole batch.
Result<json> broken(Ranks& ranks) {
  constexpr int kEach = 3;
  Case c = makeCase("siglixp", at::kFloat, kEach * ranks.size());
  c.pixels[kEach + 1][0][0][0].fill_(std::numeric_limits<double>::infinity());
  const std::int64_t first = kEach * ranks.rank();
  LIX_TRY(const study::BatchLoss found, study::lossAndGradients(c.model, c.recipe, c.pixels.narrow(0, first, kEach),
                                                                c.ids.narrow(0, first, kEach), 0, {}, &ranks));
  return json{{"pictures", found.badPictures}, {"features", found.broken == study::Finite::Features}};
}

/// train PACK OUT RECIPE STEPS, or on from what lies at OUT.
Result<json> training(Ranks* ranks, const std::vector<std::string>& words) {
  LIX_TRY(const study::TrainData data, study::openTrainData(words.at(1)));
  const std::filesystem::path out = words.at(2);
  Watcher watcher;
  auto settings = smallSettings(words.at(3), std::stoi(words.at(4)));
  settings.checkpointEvery = 5;
  std::error_code none;
  const bool again = std::filesystem::exists(out / "config.json", none);
  LIX_TRY(const study::TrainEnd end,
          again ? study::resume(data, out, watcher, nullptr, 0, ranks)
                : study::train(settings, data, smallStart(words.at(3)), out, watcher, nullptr, ranks));
  json losses = json::array();
  for (const auto& series : watcher.history) {
    losses.push_back(series.at("loss"));
  }
  return json{{"done", end == study::TrainEnd::Done}, {"losses", losses}};
}

Result<json> answer(Ranks* ranks, const std::vector<std::string>& words) {
  if (words.at(0) == "pack") {
    return json{{"pictures", dataOf(colourPairs(1), words.at(1)).pack.samples().size()}};
  }
  if (words.at(0) == "train") {
    return training(ranks, words);
  }
  if (ranks == nullptr) {
    return fail(ErrorCode::BadInput, "The launcher says nothing of other ranks.");
  }
  return words.at(0) == "collectives" ? collectives(*ranks)
         : words.at(0) == "broken"    ? broken(*ranks)
                                      : gradients(*ranks);
}

int run(const std::vector<std::string>& words) {
  at::set_num_threads(1);
  const auto told = [&]() -> Result<json> {
    LIX_TRY(const auto place, rankPlace());
    std::shared_ptr<Ranks> ranks;
    if (place) {
      LIX_TRY(ranks, Ranks::join(*place));
    }
    return answer(ranks.get(), words);
  }();
  if (!told) {
    std::cerr << told.error().message << std::endl;
    return 1;
  }
  std::cout << told->dump() << std::endl;
  return 0;
}

}  // namespace
}  // namespace lix::test

int main(int count, char** words) { return lix::test::run({words + 1, words + count}); }
