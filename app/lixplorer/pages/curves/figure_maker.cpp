#include "pages/curves/figure_maker.h"

#include <QCoreApplication>
#include <QPointer>
#include <algorithm>

#include "base/text.h"
#include "desk/checkpoint_shelf.h"
#include "desk/desk.h"
#include "desk/tasks.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr std::string_view kProgram = "lixp", kCheckpoint = "CHECKPOINT", kName = "NAME", kSource = "--source";
constexpr std::string_view kZeroShot = "lixp eval zero-shot CHECKPOINT --data NAME";

/// A command of the table of figures with its places filled in.
QStringList filled(std::string_view command, const std::filesystem::path& checkpoint, const std::string& dataset) {
  QStringList words;
  for (const std::string& word : split(std::string(command), ' ')) {
    if (word != kProgram) {
      words << QString::fromStdString(word == kCheckpoint ? checkpoint.string() : word == kName ? dataset : word);
    }
  }
  return words;
}

}  // namespace

std::vector<QStringList> makingCalls(const FigureKind& kind, const std::vector<std::filesystem::path>& checkpoints,
                                     const std::string& dataset) {
  std::vector<QStringList> calls;
  if (!kind.command.starts_with("lixp eval") || kind.command.find(kSource) != std::string_view::npos) {
    return calls;
  }
  const bool alsoZeroShot = kind.command.find("zero-shot") == std::string_view::npos &&
                            kind.needs.find("zero-shot") != std::string_view::npos;
  for (const std::filesystem::path& checkpoint : checkpoints) {
    calls.push_back(filled(kind.command, checkpoint, dataset));
    if (alsoZeroShot) {
      calls.push_back(filled(kZeroShot, checkpoint, dataset));
    }
  }
  return calls;
}

FigureMaker::FigureMaker(Desk& desk, QWidget* parent) : QPushButton(parent), desk_(desk) {
  setObjectName("curves.figure.make");
  setIcon(widgets::icon("play"));
  hide();
  connect(this, &QPushButton::clicked, this, [this] {
    waiting_ = calls_;
    std::ranges::reverse(waiting_);
    setEnabled(false);
    next();
  });
}

void FigureMaker::offer(const FigureKind& kind, const std::string& dataset) {
  std::vector<std::filesystem::path> checkpoints;
  for (const CheckpointShelf::Entry& one : desk_.checkpoints().entries()) {
    checkpoints.push_back(one.folder);
  }
  calls_ = makingCalls(kind, checkpoints, dataset);
  title_ = QCoreApplication::translate("figures", kind.title.data());
  const bool hasData = kind.command.find(kName) != std::string_view::npos;
  const QString of = hasData ? tr("Measure %1 checkpoints on %2").arg(checkpoints.size()).arg(QString::fromStdString(dataset))
                             : tr("Measure %1 checkpoints").arg(checkpoints.size());
  setText(of);
  setToolTip(calls_.empty() ? QString()
                            : tr("Measures what the figure needs in the background, first: lixp %1 (Space).")
                                  .arg(calls_.front().join(' ')));
  setEnabled(waiting_.empty() && !desk_.isReadOnly());
  setVisible(!calls_.empty());
}

void FigureMaker::next() {
  if (waiting_.empty()) {
    setEnabled(true);
    return;
  }
  const QStringList call = waiting_.back();
  waiting_.pop_back();
  desk_.tasks().runLixp(tr("Measuring for %1").arg(title_), call, [self = QPointer<FigureMaker>(this)](bool worked) {
    if (self) {
      if (!worked) {
        self->waiting_.clear();  // stopped, or told why it failed
      }
      self->next();
    }
  });
}

}  // namespace lix::app
