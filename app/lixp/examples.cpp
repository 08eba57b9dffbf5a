#include "lixp/examples.h"

#include <map>
#include <string>
#include <vector>

namespace lix::app {
namespace {

constexpr const char* kExitStatus = "Exit status: 0 success, 1 failure with one sentence, 2 wrong usage.";

/// By the words of a verb; "" is the program itself. A test reads them from the help and holds them against its options.
const std::map<std::string, std::vector<std::string>> kExamples{
    {"",
     {"lixp train siglip --data emoji --steps 2000 --workspace work",
      "lixp train siglixp --data emoji --init work/checkpoints/siglip-0001 --workspace work",
      "lixp eval few-shot work/checkpoints/siglip-0001 --data symbola --workspace work",
      "lixp curves --out curves.svg --workspace work"}},
    {"train",
     {"lixp train llip --data emoji --steps 2000 --workspace work",
      "lixp train siglixp --data emoji --init work/checkpoints/siglip-0001 --workspace work",
      "lixp train --resume work/checkpoints/llip-0001 --workspace work"}},
    {"data", {"lixp data list --workspace work"}},
    {"data add", {"lixp data add photographs --name pets --workspace work"}},
    {"data check", {"lixp data check pets --workspace work"}},
    {"data list", {"lixp data list --workspace work"}},
    {"data show", {"lixp data show pets --workspace work"}},
    {"data pack", {"lixp data pack pets --out pets-pack --workspace work"}},
    {"data selections", {"lixp data selections pets --workspace work"}},
    {"data export",
     {"lixp data export pets --out pets.csv --workspace work",
      "lixp data export pets --selection blurred --copies --out blurred --workspace work",
      "lixp data export pets --shards --out pets-shards --workspace work"}},
    {"data features", {"lixp data features pets --from models/siglip-tiny-emoji --out pets.safetensors --workspace work", "lixp data features pets --from models/siglip-tiny-emoji --out pets.npy --workspace work"}},
    {"eval", {"lixp eval zero-shot A B --data emoji --workspace work"}},
    {"eval zero-shot", {"lixp eval zero-shot A B --data emoji --workspace work"}},
    {"eval few-shot", {"lixp eval few-shot A B --data emoji --adapters prototype,tip-adapter-x,knn:k=5 --workspace work"}},
    {"eval surface", {"lixp eval surface A --data emoji --shots 16 --workspace work"}},
    {"eval retrieval", {"lixp eval retrieval A B --data flickr8k --workspace work"}},
    {"eval caption-scores", {"lixp eval caption-scores A --data flickr8k --scores ExpertAnnotations.txt --workspace work"}},
    {"eval caption-shortcut", {"lixp eval caption-shortcut A --data flickr8k --workspace work"}},
    {"eval robustness", {"lixp eval robustness A --data pets --corruptions fog,jpeg_compression --workspace work"}},
    {"eval domain", {"lixp eval domain A --source emoji --data symbola --shots 4 --workspace work"}},
    {"eval spectrum", {"lixp eval spectrum A B --data emoji --workspace work"}},
    {"eval geometry", {"lixp eval geometry A B --data emoji --workspace work"}},
    {"eval mixture", {"lixp eval mixture A --data emoji --workspace work"}},
    {"eval cost", {"lixp eval cost A B --workspace work"}},
    {"eval pointing", {"lixp eval pointing A --data scenes --workspace work"}},
    {"suite", {"lixp suite list", "lixp suite run llip-22 A B --workspace work"}},
    {"suite list", {"lixp suite list"}},
    {"suite run", {"lixp suite run llip-22 A B --workspace work"}},
    {"suite table", {"lixp suite table llip-22 --format latex --out table.tex --workspace work"}},
    {"reproduce", {"lixp reproduce 17 --workspace work"}},
    {"sweep", {"lixp sweep tokens.json --out tokens.csv --workspace work"}},
    {"support", {"lixp support new mine cat dog --workspace work"}},
    {"support new", {"lixp support new mine cat dog --workspace work"}},
    {"support add", {"lixp support add mine cats/1.jpg cats/2.jpg --class cat --workspace work"}},
    {"support show", {"lixp support show mine --workspace work"}},
    {"support export", {"lixp support export mine --out mine.json --workspace work", "lixp support export mine --copies --out mine-pictures --workspace work"}},
    {"support list", {"lixp support list --workspace work"}},
    {"classify", {"lixp classify A inbox --support mine --out labels.csv --workspace work"}},
    {"doctor", {"lixp doctor models/siglip-tiny-emoji", "lixp doctor photographs --json"}},
    {"import",
     {"lixp import llip-vitb16 --out work/checkpoints/llip-vitb16",
      "lixp import pytorch_model.bin --image-size 336 --out clip-336"}},
    {"export", {"lixp export work/checkpoints/siglip-0001 --format hf --out siglip --workspace work"}},
    {"embed", {"lixp embed A --images 1.jpg 2.jpg --captions captions.txt --out vectors.safetensors"}},
    {"inspect", {"lixp inspect A --image cat.jpg --caption 'a cat' 'a dog' --out looked-at"}},
    {"curves",
     {"lixp curves --out curves.svg --workspace work", "lixp curves --figure gain --out gain.pdf --workspace work"}},
    {"report", {"lixp report --out report --workspace work"}},
    {"runs", {"lixp runs list --workspace work"}},
    {"runs list", {"lixp runs list --workspace work"}},
    {"runs show", {"lixp runs show siglip-0001 --workspace work"}},
    {"runs control", {"lixp runs control siglip-0001 pause --workspace work"}},
    {"runs keep", {"lixp runs keep siglip-0001 --workspace work"}},
    {"runs move", {"lixp runs move siglip-0002 -1 --workspace work"}},
    {"runs trash", {"lixp runs trash siglip-0001 --workspace work"}},
    {"runs restore", {"lixp runs restore siglip-0001 --workspace work"}},
    {"runs empty-trash", {"lixp runs empty-trash --workspace work"}},
    {"runs rename", {"lixp runs rename siglip-0001 first --workspace work"}},
    {"runs import", {"lixp runs import node/checkpoints/siglip --workspace work"}},
    {"demo", {"lixp demo --out demo"}},
};

void addTo(CLI::App& verb, const std::string& words) {
  std::string footer;
  if (const auto examples = kExamples.find(words); examples != kExamples.end()) {
    footer = examples->second.size() == 1 ? "Example:\n" : "Examples:\n";
    for (const std::string& example : examples->second) {
      footer += "  " + example + "\n";
    }
  }
  for (CLI::App* below : verb.get_subcommands({})) {
    addTo(*below, words.empty() ? below->get_name() : words + " " + below->get_name());
  }
  const std::string own = verb.get_footer();  // what else there is to say of it
  const bool saysStatus = own.find("Exit status:") != std::string::npos;
  verb.footer(footer + own + (saysStatus ? "" : own.empty() ? kExitStatus : std::string("\n") + kExitStatus));
}

}  // namespace

void addExamples(CLI::App& app) { addTo(app, ""); }

}  // namespace lix::app
