#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "imaging/image.h"
#include "lixp/session.h"
#include "study/inspect/context.h"
#include "study/inspect/inspect.h"

namespace lix::app {

struct InspectOrder {
  std::string checkpoint;
  std::vector<std::string> images, captions;
  std::string captionsFile;
  std::string data;  ///< dataset of `keys`
  std::vector<std::string> keys;
  std::string context, contextSplit = "test";
  std::size_t contextMost = 128;
  std::optional<double> tau;
  std::string theme = "light";
  std::filesystem::path out;
};

/// A picture of the context, as far as it is drawn.
struct ContextPicture {
  std::string key, label;
  imaging::Image thumbnail;  ///< empty where the figure does not show it
};

struct InspectedContext {
  study::ContextReading reading;
  std::vector<ContextPicture> pictures;  ///< as long as the reading
};

struct InspectedPicture {
  std::string name;      ///< of the file, or key in the dataset
  std::string label;     ///< name, with a dataset's first caption, for figures
  imaging::Image shown;  ///< what the tower reads of it, made small for figures
  std::optional<InspectedContext> context;
};

/// Everything that `inspect` writes down.
struct Inspected {
  std::string model;  ///< "tiny-0001 (llip)", for people
  std::string checkpoint, weightsHash;
  std::vector<std::string> captions;
  std::vector<InspectedPicture> pictures;
  std::optional<study::Reading> reading;  ///< none without captions
  std::string contextName;
  std::optional<study::ContextTau> contextTau;
};

inline constexpr int kContextCards = 24;

Result<Output> inspectCheckpoint(const Session& session, const InspectOrder& order);

/// The result as one JSON document, and as tensors: cosines, logits, probabilities [B, N], mixture_weights [B, N, M,
/// K], maps [B, N or 1, h, w], context_weights and context_contributions [B, n].
nlohmann::json inspectionJson(const Inspected& inspected);
Result<void> saveInspection(const Inspected& inspected, const std::filesystem::path& file);
/// The scores for people.
std::string inspectionText(const Inspected& inspected);

/// Draws what there is into the folder; returns the files. Built where LIX_WITH_GUI is on.
Result<std::vector<std::filesystem::path>> drawInspection(const Inspected& inspected, const InspectOrder& order);

}  // namespace lix::app
