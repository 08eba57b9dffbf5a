#include "lixp/demo_plan.h"

#include <algorithm>
#include <cmath>

#include "base/file.h"
#include "base/text.h"
#include "shared/models_folder.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kMark = "demo.json";
constexpr double kSecondsPerStep = 0.62;  // tiny, batch 128, two cores: 190 to 250 pictures a second
constexpr double kSecondsOfRest = 100.0;  // evaluations and figures

json markOf(const DemoOrder& order) {
  return {{"demo", 1}, {"from_scratch", order.fromScratch}, {"steps_scale", order.stepsScale}};
}

int scaled(int steps, double scale) { return std::max(3, static_cast<int>(std::lround(steps * scale))); }

}  // namespace

Result<DemoPlan> planDemo(const DemoOrder& order) {
  DemoPlan plan{.draws = order.stepsScale < 0.1 ? 3UL : 10UL,
                .folder = fs::absolute(order.out).lexically_normal(),
                .shipped = {},
                .legs = {},
                .evaluated = {}};
  if (!order.fromScratch) {
    LIX_TRY(const fs::path models, modelsFolder());
    for (const ShippedModel& one : kShippedModels) {
      plan.shipped.push_back({one.label, models / one.folder});
    }
  }
  const bool scratch = order.fromScratch;
  const auto steps = [&](int ordinary, int fromScratch) {
    return scaled(scratch ? fromScratch : ordinary, order.stepsScale);
  };
  const fs::path first = scratch ? plan.folder / "checkpoints" / "siglip" : plan.shipped[0].folder;
  const std::string live = scratch ? "" : " (live)";
  plan.legs = {
      {"siglip", cat("SigLIP", live), "SigLIP from nothing", "siglip", "", steps(140, 360), 1e-3},
      {"siglixp", cat("SigLIxP", live), "SigLIxP, post-trained from SigLIP", "siglixp", first, steps(140, 120), 2e-4},
      {"control", cat("SigLIP continued", live), "control: SigLIP continued equally", "siglip", first, steps(140, 120),
       2e-4},
      {"llip", cat("Llip_16", live), scratch ? "Llip_16 from nothing" : "Llip_16, continued from the shipped one",
       "llip", scratch ? fs::path() : plan.shipped[3].folder, steps(80, 120), scratch ? 1e-3 : 2e-4}};
  plan.evaluated = plan.shipped;
  for (const DemoLeg& leg : plan.legs) {
    plan.evaluated.push_back({leg.label, plan.checkpointOf(leg)});
  }
  return plan;
}

Result<void> claimFolder(const DemoOrder& order) {
  std::error_code problem;
  const fs::path mark = order.out / kMark;
  if (fs::exists(mark, problem)) {
    LIX_TRY(const std::string text, readFile(mark, 1 << 16));
    if (json::parse(text, nullptr, false) != markOf(order)) {
      return fail(ErrorCode::BadInput, cat(order.out.string(), " holds a demo that was begun with other options (",
                                           trim(text), "); give the same, or another folder with --out."));
    }
    return {};
  }
  if (fs::exists(order.out, problem) && (!fs::is_directory(order.out, problem) || !fs::is_empty(order.out, problem))) {
    return fail(ErrorCode::BadInput,
                cat(order.out.string(),
                    " is there already and is no demo workspace; choose an empty or new folder with --out."));
  }
  fs::create_directories(order.out, problem);
  if (problem) {
    return fail(ErrorCode::Io, cat("The folder ", order.out.string(), " cannot be made: ", problem.message(),
                                   ". Choose another with --out."));
  }
  return writeFile(mark, markOf(order).dump() + "\n");
}

std::string announcement(const DemoPlan& plan, const DemoOrder& order) {
  int steps = 0;
  std::string text = cat("lixp demo, in ", plan.folder.string(), "\n");
  if (!plan.shipped.empty()) {
    text += cat("  - evaluates the ", plan.shipped.size(), " checkpoints of ",
                plan.shipped[0].folder.parent_path().string(), " on emoji and Symbola\n");
  }
  for (const DemoLeg& leg : plan.legs) {
    steps += leg.steps;
    text += cat("  - trains ", leg.what, ": ", leg.steps, " steps of ", kDemoBatch, " emoji\n");
  }
  const double minutes = (steps * kSecondsPerStep + kSecondsOfRest * std::min(1.0, 0.3 + order.stepsScale)) / 60.0;
  return text + cat("  - evaluates those, draws figures and writes ", (plan.folder / "report" / "index.html").string(),
                    "\nAbout ", std::max(1.0, std::round(minutes)),
                    " minutes on two free cores; Ctrl-C stops it, and the same command goes on from there.");
}

std::vector<std::string> trainArguments(const DemoPlan& plan, const DemoLeg& leg) {
  std::vector<std::string> arguments{"train",           leg.recipe,
                                     "--data",          "emoji",
                                     "--size",          "tiny",
                                     "--steps",         cat(leg.steps),
                                     "--batch",         cat(kDemoBatch),
                                     "--seed",          cat(kDemoSeed),
                                     "--learning-rate", cat(leg.learningRate),
                                     "--out",           plan.checkpointOf(leg).string(),
                                     "--workspace",     plan.folder.string()};
  if (!leg.init.empty()) {
    arguments.insert(arguments.end(), {"--init", leg.init.string()});
  }
  return arguments;
}

std::string commandLine(const std::vector<std::string>& arguments) {
  std::string line = "lixp";
  for (const std::string& argument : arguments) {
    const bool plain = !argument.empty() && std::ranges::all_of(argument, [](unsigned char c) {
      return std::isalnum(c) || std::string_view("-_./,:=+").find(char(c)) != std::string_view::npos;
    });
    line += ' ';
    if (plain) {
      line += argument;
      continue;
    }
    line += '\'';
    for (const char c : argument) {
      line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    line += '\'';
  }
  return line;
}

}  // namespace lix::app
