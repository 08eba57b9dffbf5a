// Writes every figure in both themes into a folder, to be looked at.
#include <QGuiApplication>
#include <filesystem>
#include <iostream>

#include "base/text.h"
#include "figure_samples.h"
#include "figures/save.h"

using namespace lix;
using namespace lix::figures;

namespace {

int write(const std::filesystem::path& folder, const std::string& name, const Figure& figure,
          std::optional<double> width = {}) {
  int failed = 0;
  for (const auto& [theme, said] : {std::pair{Theme::Light, "light"}, std::pair{Theme::Dark, "dark"}}) {
    for (const char* extension : {".png", ".svg", ".pdf"}) {
      const auto path = folder / cat(name, "-", said, extension);
      if (const Result<void> done = save(figure, path, theme, width); !done) {
        std::cerr << done.error().message << "\n";
        ++failed;
      }
    }
  }
  return failed;
}

}  // namespace

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  QGuiApplication application(argc, argv);
  if (argc != 2) {
    std::cerr << "Say where to: figure_gallery <folder>\n";
    return 1;
  }
  const std::filesystem::path folder = argv[1];
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  int failed = 0;
  failed += write(folder, "curves", CurvesFigure(sample::curves(6)));
  failed += write(folder, "curves-narrow", CurvesFigure(sample::curves(4)), 360);
  failed += write(folder, "curves-panels", CurvesFigure(sample::curves(4, 6)));
  failed += write(folder, "curves-empty", CurvesFigure({}));
  failed += write(folder, "weights-3", WeightsFigure(sample::weights(6, 16, 3)));
  failed += write(folder, "weights-1", WeightsFigure(sample::weights(6, 16, 1)));
  failed += write(folder, "weights-12", WeightsFigure(sample::weights(12, 64, 12)));
  failed += write(folder, "weights-narrow", WeightsFigure(sample::weights(6, 16, 2)), 400);
  failed += write(folder, "maps-4", MapFigure(sample::maps(4)));
  failed += write(folder, "maps-12", MapFigure(sample::maps(12)));
  failed += write(folder, "maps-1", MapFigure(sample::maps(1)), 320);
  failed += write(folder, "context", ContextFigure(sample::context(64)));
  failed += write(folder, "context-narrow", ContextFigure(sample::context(5)), 400);
  failed += write(folder, "training", SeriesFigure(sample::training(1, 20000)));
  failed += write(folder, "training-runs", SeriesFigure(sample::training(3, 600)));
  failed += write(folder, "training-narrow", SeriesFigure(sample::training(1, 1)), 400);
  failed += write(folder, "predictions", GridFigure(sample::predictions(14)));
  return failed == 0 ? 0 : 1;
}
