#pragma once
#include <array>
#include <compare>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "adapt/adapter.h"
#include "base/progress.h"
#include "base/result.h"
#include "data/dataset.h"
#include "pages/compare/comparison.h"
#include "study/compare/true_cosines.h"
#include "study/reader/reader.h"

namespace lix::app {

inline constexpr const char* kZeroShot = "zero-shot";
inline constexpr std::size_t kMostQueries = 1000;              ///< unless more are asked for
inline constexpr std::size_t kMostPictures = 50000;            ///< that can be asked for
inline constexpr std::size_t kMostContextPictures = 512;       ///< of a context that is no support
inline constexpr std::size_t kMostVectorBytes = 256ULL << 20;  ///< of both models' vectors in one comparison

/// What is compared; equal orders give equal comparisons as long as the checkpoints stay as they are.
struct ComparisonOrder {
  std::filesystem::path checkpointA, checkpointB;
  std::string dataset, labelSet;
  data::Split split = data::Split::Test;
  std::string method = "zero-shot";  ///< or an adapter's id
  int shots = 8;                     ///< of an adapter, per class
  long long seed = 0;                ///< of its support draw
  std::vector<std::string> only;     ///< keys of pictures, whatever their split; empty: all of the split
  std::size_t most = kMostQueries;   ///< pictures
  auto operator<=>(const ComparisonOrder&) const = default;
};

/// Unit vectors of pictures by both models (of a Llip its uniform mixture): all, or as many as kMostVectorBytes hold,
/// evenly spread.
struct PairVectors {
  std::vector<std::size_t> pictures;  ///< positions in Comparison::pictures, rising
  std::array<study::Vectors, 2> of;   ///< a row a picture
  /// Of a picture by its position; none where it was left out.
  std::optional<std::size_t> rowOf(std::size_t picture) const;
  adapt::Matrix matrix(std::size_t model) const;
};

/// Pictures that either model may attend to: the adapter's support, else at most kMostContextPictures of the compared ones.
struct PairContext {
  std::vector<std::string> keys, labels;
  bool support = false;
  std::array<std::optional<study::ContextSet>, 2> sets;  ///< none for a Llip
};

struct Comparison {
  ComparisonOrder order;
  std::vector<std::string> classes;
  std::vector<ComparedPicture> pictures;  ///< in the order of the dataset
  std::vector<std::uint64_t> hashes;      ///< content of each picture
  std::array<study::ReaderFacts, 2> facts;
  bool sameWeights = false;
  /// Zero-shot, whatever the method; none where they would cost a Llip too much.
  std::array<std::optional<study::TrueCosines>, 2> cosines;
  PairVectors vectors;
  PairContext context;
  std::vector<std::string> notes;  ///< sentences: what was left out, which vectors a Llip's adapter saw

  std::array<std::string, 2> weights() const { return {facts[0].weightsHash, facts[1].weightsHash}; }
  /// Answers by picture: labels, what A said, what B said.
  std::vector<int> answers(int ComparedPicture::*of) const;
  std::size_t bytes() const;  ///< about what it holds in memory
};

/// Both models on the same pictures: at most order.most labelled ones of the split (a draw by the seed where there are
/// more), by class names or by one adapter on the same support of the train split (drawSupport, draw 0). Pictures that
/// either model could not read, or that stand in the support too, are left out for both. Minutes where features are not
/// cached. An adapter never learns from pictures that were chosen by their keys. Fails with a sentence on data without
/// labels, on fewer than two classes, and where support would come from the queries' own split.
Result<Comparison> compare(const study::Reader& a, const study::Reader& b, const data::Dataset& dataset,
                           const ComparisonOrder& order, const std::optional<std::filesystem::path>& cache,
                           const Progress& progress = {});

}  // namespace lix::app
