#pragma once
#include <QPushButton>
#include <QStringList>
#include <filesystem>
#include <string>
#include <vector>

#include "shared/results/kinds.h"

namespace lix::app {

class Desk;

/// The calls of `lixp` that measure what a figure lacks, for each of these checkpoints; none for a figure that needs more
/// than checkpoints and a dataset, such as a training run.
std::vector<QStringList> makingCalls(const FigureKind& kind, const std::vector<std::filesystem::path>& checkpoints,
                                     const std::string& dataset);

/// Under a figure that there are no results for: measures them, one call after the other, in the background.
class FigureMaker : public QPushButton {
  Q_OBJECT

 public:
  explicit FigureMaker(Desk& desk, QWidget* parent = nullptr);
  /// Of all checkpoints of the workspace; hidden where nothing can be measured from here.
  void offer(const FigureKind& kind, const std::string& dataset);

 private:
  void next();

  Desk& desk_;
  std::vector<QStringList> calls_;    // of what is offered
  std::vector<QStringList> waiting_;  // of what was begun, the next one last
  QString title_;
};

}  // namespace lix::app
