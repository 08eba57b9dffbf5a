#include "study/train/batches.h"

#include <deque>
#include <unordered_set>

#include "base/random.h"

namespace lix::study {
namespace {

constexpr std::uint64_t kStreamOrder = 0x6f72646572;
constexpr std::uint64_t kStreamCaption = 0x63617074;

}  // namespace

BatchPlan planEpoch(const Pack& pack, const std::vector<std::vector<std::uint64_t>>& captionHash, int batch,
                    std::uint64_t seed, std::uint64_t epoch) {
  std::deque<BatchItem> waiting;
  for (const auto sample : permutation(pack.samples().size(), Random(seed, kStreamOrder, epoch))) {
    const PackedSample& packed = pack.samples()[sample];
    if (packed.split == 0 && !packed.captions.empty()) {
      Random random(seed, kStreamCaption, epoch, sample);
      waiting.push_back({sample, static_cast<std::uint32_t>(random.below(packed.captions.size()))});
    }
  }
  BatchPlan plan;
  while (waiting.size() >= static_cast<std::size_t>(batch)) {
    std::vector<BatchItem> items;
    std::deque<BatchItem> later;
    std::unordered_set<std::uint64_t> pictures, captions;
    while (!waiting.empty() && items.size() < static_cast<std::size_t>(batch)) {
      const BatchItem item = waiting.front();
      waiting.pop_front();
      const auto picture = pack.samples()[item.sample].hash;
      const auto caption = captionHash[item.sample][item.caption];
      if (pictures.contains(picture) || captions.contains(caption)) {
        later.push_back(item);
        continue;
      }
      pictures.insert(picture);
      captions.insert(caption);
      items.push_back(item);
    }
    if (items.size() < static_cast<std::size_t>(batch)) {
      break;  // only clashes are left
    }
    const double putOff = static_cast<double>(later.size());
    waiting.insert(waiting.begin(), later.begin(), later.end());
    plan.push_back({std::move(items), putOff / (putOff + batch)});
  }
  return plan;
}

}  // namespace lix::study
