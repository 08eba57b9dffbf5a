#include "lixp/eval/probe.h"

#include <algorithm>

#include "base/random.h"
#include "base/text.h"
#include "lixp/eval/subject.h"

namespace lix::app {
namespace {

constexpr std::uint64_t kStreamProbe = 0x70726f6265;

/// The first `count` of a random order, sorted: the same for every model on the same data.
std::vector<std::size_t> drawn(const std::vector<std::size_t>& from, std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> chosen;
  for (const std::uint32_t place : permutation(from.size(), Random(seed, kStreamProbe))) {
    if (chosen.size() < count) {
      chosen.push_back(from[place]);
    }
  }
  std::ranges::sort(chosen);
  return chosen;
}

}  // namespace

void addProbeOptions(CLI::App* verb, ProbeOrder& order) {
  addModelOptions(verb, order);
  verb->add_option("--pictures", order.pictures, "How many pictures are drawn, at most")
      ->check(CLI::Range(1, 100'000'000))
      ->each([&order](const std::string&) { order.picturesAsked = true; });
  verb->add_option("--seed", order.seed, "Seed of the draw")->check(CLI::Range(0LL, 9'000'000'000'000LL));
}

Result<Probe> openProbe(const store::Workspace& workspace, const ProbeOrder& order, std::size_t which,
                        const std::string& kind, MayDraw mayDraw) {
  LIX_TRY(const data::Split split, splitNamed(order.split));
  LIX_TRY(Subject subject, openUnlabelled(workspace, order, which, kind));
  Probe probe{.evaluator = std::move(subject.evaluator), .dataset = std::move(subject.dataset), .row = subject.row};
  probe.row.supportSeed = static_cast<long long>(order.seed);
  auto samples = samplesOf(probe.dataset, split);
  if (samples.empty()) {
    return fail(ErrorCode::BadInput,
                cat("'", probe.dataset.name, "' has no pictures in its ", order.split,
                    " split; choose another with --split."));
  }
  if (mayDraw != nullptr) {
    std::erase_if(samples, [&](std::size_t sample) { return !mayDraw(probe.dataset.samples[sample]); });
  }
  probe.samples = drawn(samples, order.pictures, order.seed);
  if (order.picturesAsked && probe.samples.size() < order.pictures) {
    probe.notes.push_back(cat("The ", order.split, " split has ", probe.samples.size(),
                              " pictures for this, fewer than ", order.pictures, "; all of them are taken."));
  }
  return probe;
}

std::optional<std::filesystem::path> featureCacheOf(const store::Workspace& workspace) {
  return workspace.isReadOnly() ? std::nullopt : std::optional(workspace.cache() / "features");
}

void noteUnread(const std::vector<data::Skipped>& skipped, std::vector<std::string>& notes) {
  if (!skipped.empty()) {
    notes.push_back(cat(skipped.size(), skipped.size() == 1 ? " picture" : " pictures", " could not be read and ",
                        skipped.size() == 1 ? "is" : "are", " left out, the first one ", skipped.front().key, ": ",
                        skipped.front().reason));
  }
}

Result<nlohmann::json> storeNumbers(const store::Workspace& workspace, store::EvaluationRow row,
                                    const nlohmann::json& settings, const std::vector<ProbeNumber>& numbers,
                                    const std::vector<std::string>& notes) {
  nlohmann::json said{{"checkpoint", row.checkpointLabel}, {"dataset", row.dataset}, {"settings", settings}};
  LIX_TRY(auto transaction, store::Transaction::begin(workspace));
  row.settings = settings.dump();
  for (const ProbeNumber& number : numbers) {
    row.metric = number.metric;
    row.value = number.value;
    row.findings = number.findings.dump();
    LIX_TRY(said["key"][number.metric], store::EvaluationStore(workspace).add(row));
    said[number.metric] = number.value;
  }
  LIX_CHECK(transaction.commit());
  said["pictures"] = row.querySize;
  said["notes"] = notes;
  return said;
}

}  // namespace lix::app
