#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lix::study {

/// What the doctor says of a checkpoint or a dataset, as plain data: printed by `lixp doctor`, shown by the window.
namespace doctor {

/// One thing that is known: "activation", "gelu_pytorch_tanh", "config.json: vision_config.hidden_act".
struct Fact {
  std::string name, value;
  std::string source;  ///< where it was found, or that it was assumed; "" where that goes without saying
};

struct Section {
  std::string title;
  std::vector<Fact> facts;
};

/// Note: worth knowing. Remark: may make numbers wrong. Problem: it cannot be used.
enum class Weight { Note, Remark, Problem };
/// Certain: seen in the files. Indication: unusual, or read off a run, and may be right all the same.
enum class Ground { Certain, Indication };

struct Finding {
  Weight weight = Weight::Note;
  Ground ground = Ground::Certain;
  std::string text;  ///< one sentence
};

/// A mistake that programs make in silence, made on purpose with this checkpoint. Without `reason` it was computed.
struct Mistake {
  std::string id;              ///< "activation_family"
  std::string name;            ///< "erf GELU in place of QuickGELU"
  double component = 0.0;      ///< largest change of a number of a unit embedding, picture or caption
  double cosineMean = 1.0;     ///< cosine of right and wrong unit embedding, mean over those it touches
  double cosineLeast = 1.0;    ///< and the least
  double logit = 0.0;          ///< largest change of a logit
  int pairsRight = 0;          ///< known pairs that come out right with the mistake
  std::string reason;          ///< why it was not computed: "the model has no bias"
};

/// A drawn picture with a caption that is true and one that is not; cosines.
struct Pair {
  std::string right, wrong;
  double rightCosine = 0.0, wrongCosine = 0.0;
  bool holds() const { return rightCosine > wrongCosine; }
};

enum class Verdict { Ready, Remarks, Refused };
enum class Subject { Checkpoint, Dataset };

struct Report {
  Subject subject = Subject::Checkpoint;
  std::filesystem::path path;
  std::string title;     ///< "SigLIP in Hugging Face's layout"; of something refused what it was taken for
  Verdict verdict = Verdict::Ready;
  std::string sentence;  ///< the verdict in words; of something refused the reason and the remedy
  std::vector<Section> sections;
  std::vector<Finding> findings;
  std::vector<Pair> pairs;
  std::vector<Mistake> mistakes;
};

std::string verdictName(Verdict verdict);  ///< "ready", "ready with remarks", "refused"
std::string weightName(Weight weight);     ///< "note", "remark", "problem"

/// For people, in columns; and one JSON object.
std::string toText(const Report& report);
std::string toJson(const Report& report);

}  // namespace doctor
}  // namespace lix::study
