// Checkpoints and packs that are cut, lack something or are of another kind: one sentence, and nothing half-written.
#include "app/support/fixture.h"
#include "base/file.h"
#include "nn/checkpoint/safetensors.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using test::Ran;
using test::writeText;

class BadCheckpoints : public test::LixpTest {};

std::string bytesOf(const fs::path& file) { return readFile(file).value(); }

/// Rewrites model.safetensors with its tensors changed by `edit`.
template <class Edit>
void editWeights(const fs::path& folder, Edit&& edit) {
  std::map<std::string, nn::TensorView> tensors;
  const auto file = nn::SafetensorsFile::open(folder / "model.safetensors");
  LIX_ASSERT_OK(file);
  tensors = file->tensors();
  edit(tensors);
  LIX_ASSERT_OK(nn::writeSafetensors(folder / "model.safetensors", tensors, file->metadata()));
}

TEST_F(BadCheckpoints, CheckpointsWithoutAWeightOrOfAWrongShape) {
  checkpoint("model");
  const std::string name = "text_model.embeddings.token_embedding.weight";
  const auto both = [&](const std::string& part) {
    refused({"eval", "zero-shot", "broken", "--data", "discs"}, part);
    refused(training("siglip", "out", {"--init", "broken"}), part);
  };
  const auto copied = [&] {
    fs::remove_all(at("broken"));
    fs::copy(at("model"), at("broken"), fs::copy_options::recursive);
  };
  copied();
  editWeights(at("broken"), [&](auto& tensors) { ASSERT_EQ(tensors.erase(name), 1u); });
  both("has no weight '" + name + "'");
  copied();
  editWeights(at("broken"), [&](auto& tensors) { std::swap(tensors.at(name).shape[0], tensors.at(name).shape[1]); });
  both("the weight '" + name + "' has shape");
  for (const char* missing : {"config.json", "model.safetensors"}) {
    copied();
    fs::remove(at("broken") / missing);
    both(missing);
    writeText(at("broken") / missing, "{}");
    both("");
  }
  for (const char* missing : {"preprocessor_config.json", "spiece.model"}) {
    copied();
    fs::remove(at("broken") / missing);
    refused({"eval", "zero-shot", "broken", "--data", "discs"}, missing);
    writeText(at("broken") / missing, "\x01\x02 nonsense");
    refused({"eval", "zero-shot", "broken", "--data", "discs"}, "");
  }
}

TEST_F(BadCheckpoints, TruncatedCheckpoints) {
  checkpoint("model");
  const auto whole = fs::file_size(at("model/model.safetensors"));
  fs::copy(at("model"), at("broken"), fs::copy_options::recursive);
  for (const auto size : {whole - 1, whole / 2, std::uintmax_t(5000), std::uintmax_t(100), std::uintmax_t(8),
                          std::uintmax_t(7), std::uintmax_t(0)}) {
    fs::resize_file(at("broken/model.safetensors"), size);
    refused({"eval", "zero-shot", "broken", "--data", "discs"}, "model.safetensors");
  }
  fs::resize_file(at("model/training_state.safetensors"), fs::file_size(at("model/training_state.safetensors")) / 2);
  refused({"train", "--resume", "model"}, "training_state.safetensors");
}

TEST_F(BadCheckpoints, ACheckpointOfAnotherVocabulary) {
  checkpoint("model");
  writeText(at("discs/words.csv"), [] {
    std::string table = "path,caption,split\n";
    int i = 0;  // in words that the discs' captions hold too: to their tokenizer all others look alike
    for (const char* word : {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}) {
      table += "red" + std::to_string(i++) + ".png,zebra quartz " + word + " jumps,train\n";
    }
    return table;
  }());
  ASSERT_EQ(run({"data", "add", "discs/words.csv"}).code, 0);
  ASSERT_EQ(run({"data", "pack", "words", "--out", "pack"}).code, 0);
  const Ran said =
      run({"train", "siglip", "--data", "pack", "--init", "model", "--batch", "8", "--steps", "1", "--out", "out"});
  expectSentence(said, "another vocabulary");
  EXPECT_FALSE(fs::exists(at("out")));
  ASSERT_EQ(run({"data", "pack", "words", "--out", "pack", "--tokenizer", "model"}).code, 0)
      << "the remedy that it names";
  EXPECT_EQ(run({"train", "siglip", "--data", "pack", "--init", "model", "--batch", "8", "--steps", "1", "--out", "out",
                 "--threads", "1"})
                .code,
            0);
}

TEST_F(BadCheckpoints, ACheckpointOfAnotherKind) {
  checkpoint("model");
  const Ran said = run(training("llip", "out", {"--init", "model"}));
  expectSentence(said, "other towers");
}

TEST_F(BadCheckpoints, TruncatedPacks) {
  ASSERT_EQ(run({"data", "pack", "discs", "--out", "pack"}).code, 0);
  const std::vector<std::string> train{"train", "siglip",  "--data", "pack",  "--batch",
                                       "8",     "--steps", "1",      "--out", "out"};
  for (const char* name : {"pack.json", "tokens.safetensors", "pictures-00000.safetensors"}) {
    const std::string bytes = bytesOf(at("pack") / name);
    for (const std::size_t size : {bytes.size() - 1, bytes.size() / 2, std::size_t(0)}) {
      writeText(at("pack") / name, bytes.substr(0, size));
      expectSentence(run(train), name);
      EXPECT_FALSE(fs::exists(at("out")));
    }
    writeText(at("pack") / name, bytes);
  }
  EXPECT_EQ(
      run({"train", "siglip", "--data", "pack", "--batch", "8", "--steps", "1", "--out", "out", "--threads", "1"}).code,
      0);
}

TEST_F(BadCheckpoints, ACutPackInTheCacheIsMadeAgain) {
  checkpoint("first");
  for (const auto& pack : fs::directory_iterator(at("ws/cache/packs"))) {
    fs::resize_file(pack.path() / "pictures-00000.safetensors", 1000);
  }
  checkpoint("second");
  EXPECT_EQ(bytesOf(at("first/model.safetensors")), bytesOf(at("second/model.safetensors")));
}

}  // namespace
}  // namespace lix
