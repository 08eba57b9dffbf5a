#include "pages/inspect/context_panel.h"

#include <QHBoxLayout>
#include <QJsonValue>
#include <QPixmap>
#include <QPointer>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <initializer_list>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/desk.h"
#include "desk/tasks.h"
#include "desk/thumbnails.h"
#include "frame/choices.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/panel_parts.h"
#include "shared/reading_figures.h"
#include "store/support_store.h"

namespace lix::app {
namespace {

constexpr int kRedrawMs = 40;  // thumbnails come in crowds

}  // namespace

ContextPanel::ContextPanel(Desk& desk, std::shared_ptr<PreparedPictures> prepared, QWidget* parent)
    : InspectPanel(parent),
      desk_(desk),
      prepared_(std::move(prepared)),
      reading_(desk.interactive()),
      storing_(desk.storing()),
      listing_(desk.storing()) {
  build();
  redraw_.setSingleShot(true);
  redraw_.setInterval(kRedrawMs);
  connect(&redraw_, &QTimer::timeout, this, &ContextPanel::draw);
  connect(&desk.thumbnails(), &Thumbnails::ready, this, [this](const data::PictureRef& picture) {
    if (std::erase(waiting_, picture) > 0 && !redraw_.isActive()) {
      redraw_.start();
    }
  });
  connect(source_, &QComboBox::currentIndexChanged, this, &ContextPanel::onSource);
  connect(dataset_, &DatasetBox::chosen, this, &ContextPanel::onSource);
  connect(split_, &QComboBox::currentIndexChanged, this, &ContextPanel::onSource);
  connect(most_, &QSpinBox::valueChanged, this, &ContextPanel::onSource);
  connect(support_, &QComboBox::currentIndexChanged, this, [this] {
    if (!filling_) {
      wantedSupport_ = support_->currentText().toStdString();
      onSource();
    }
  });
  connect(slider_, &LogSlider::changed, this, [this](double value) {
    taus_[checkpoint_] = value;
    read();
    Q_EMIT stateChanged();
  });
  connect(&desk.tasks(), &Tasks::changed, this, [this] {
    const auto lines = desk_.tasks().lines();
    if (!task_.isEmpty() && std::ranges::find(lines, task_, &widgets::JobLine::id) == lines.end()) {
      task_.clear();  // over before its answer came: cancelled, or failed and told
      asked_.reset();
      say(tr("Embedding the context was stopped. Choose another picture or source, or open this tab again, to begin "
             "anew."));
    }
  });
  connect(own_, &QToolButton::clicked, this, [this] {
    taus_.erase(checkpoint_);
    read();
    Q_EMIT stateChanged();
  });
  onSource();
}

void ContextPanel::look(const InspectView& view) {
  const bool same = view.checkpoint == checkpoint_ && view.picture == current_ &&
                    std::ranges::equal(view.pictures, pictures_, {}, &LoadedPicture::ref, &LoadedPicture::ref);
  checkpoint_ = view.checkpoint;
  pictures_ = view.pictures;
  current_ = view.picture;
  const bool opened = !std::exchange(active_, true);
  if (opened) {
    refreshSupportSets();
  }
  if (opened || !same) {
    ask();
  }
}

void ContextPanel::refreshSupportSets() {
  const auto read = [](const store::Workspace& workspace) { return store::SupportStore(workspace).list(); };
  desk_.ask(listing_, read, [this](Result<std::vector<store::SupportSetRow>> rows) {
    if (!rows) {
      desk_.say(rows.error());
      return;
    }
    filling_ = true;
    support_->clear();
    for (const auto& row : *rows) {
      support_->addItem(QString::fromStdString(row.name));
    }
    const int found = support_->findText(QString::fromStdString(wantedSupport_));
    support_->setCurrentIndex(found >= 0 ? found : rows->empty() ? -1 : 0);
    filling_ = false;
    if (source_->currentIndex() == int(ContextChoice::Source::Support)) {
      asked_.reset();  // the draft may have changed
      ask();
    }
  });
}

void ContextPanel::onSource() {
  const auto source = static_cast<ContextChoice::Source>(source_->currentIndex());
  dataset_->setVisible(source == ContextChoice::Source::Dataset);
  split_->setVisible(source == ContextChoice::Source::Dataset);
  support_->setVisible(source == ContextChoice::Source::Support);
  most_->setVisible(source != ContextChoice::Source::Page);
  if (!filling_) {
    ask();
    Q_EMIT stateChanged();
  }
}

ContextChoice ContextPanel::choice() const {
  ContextChoice choice{.source = static_cast<ContextChoice::Source>(source_->currentIndex()), .most = most_->value()};
  switch (choice.source) {
    case ContextChoice::Source::Dataset:
      choice.name = dataset_->name();
      choice.split = static_cast<data::Split>(split_->currentIndex());
      break;
    case ContextChoice::Source::Support:
      choice.name = support_->currentText().toStdString();
      return choice;
    case ContextChoice::Source::Page:
      choice.most = kMostContext;
      break;
  }
  for (const LoadedPicture& picture : pictures_) {
    if (choice.source == ContextChoice::Source::Page || picture.ref.dataset == choice.name) {
      choice.pictures.push_back(picture.ref);
      choice.labels.push_back(picture.label);
    }
  }
  return choice;
}

void ContextPanel::ask() {
  if (!active_) {
    return;
  }
  const ContextChoice wanted = choice();
  if (checkpoint_.empty() || current_ < 0 || current_ >= int(pictures_.size())) {
    giveUp(tr("Choose a checkpoint and a picture to see what the picture attends to."));
    return;
  }
  if (wanted.source != ContextChoice::Source::Page && wanted.name.empty()) {
    giveUp(wanted.source == ContextChoice::Source::Support
               ? tr("There is no support set yet: make one on the Support page.")
               : tr("Choose a dataset whose pictures the current picture may attend to."));
    return;
  }
  if (wanted.source == ContextChoice::Source::Page && wanted.pictures.size() < 2) {
    giveUp(tr("A context needs two pictures or more: add pictures at the left."));
    return;
  }
  if (asked_ == wanted && askedFor_ == checkpoint_) {
    read();
    return;
  }
  dropQuestion();
  asked_ = wanted;
  askedFor_ = checkpoint_;
  if (wanted.source == ContextChoice::Source::Support) {
    askSupport(wanted);
  } else {
    embed(wanted);
  }
}

/// The base that is shown, or on its way, is not wanted any more.
void ContextPanel::dropQuestion() {
  asked_.reset();
  base_.reset();
  reading_.drop();
  storing_.drop();
  if (const QString task = std::exchange(task_, QString()); !task.isEmpty()) {
    desk_.tasks().cancel(task);  // which tells that tasks changed
  }
}

void ContextPanel::giveUp(const QString& text) {
  if (!base_) {
    dropQuestion();  // a base that is there may be asked for again
  }
  say(text);
}

void ContextPanel::askSupport(ContextChoice choice) {
  const auto load = [name = choice.name](const store::Workspace& workspace) {
    return store::SupportStore(workspace).load(name);
  };
  desk_.ask(storing_, load, [this, choice](Result<std::vector<store::SupportClassRow>> classes) mutable {
    if (!classes) {
      giveUp(QString::fromStdString(classes.error().message));
      return;
    }
    for (const store::SupportClassRow& one : *classes) {
      for (const std::string& text : one.pictures) {
        if (auto ref = data::pictureRefFromText(text)) {
          choice.pictures.push_back(std::move(*ref));
          choice.labels.push_back(one.name);
        }
      }
    }
    if (choice.pictures.size() < 2) {
      giveUp(tr("The support set %1 has fewer than two pictures: add some on the Support page.")
                 .arg(QString::fromStdString(choice.name)));
      return;
    }
    embed(choice);
  });
}

void ContextPanel::embed(const ContextChoice& choice) {
  // The shelves outlive the background lane's tasks: the desk ends its lanes first.
  const auto work =
      [shelf = &desk_.checkpoints(), sets = &desk_.datasets(), folder = checkpoint_, choice,
       cache = desk_.featureCache()](const Progress& progress) -> Result<Result<std::shared_ptr<const ContextBase>>> {
    auto base = embedContext(*shelf, *sets, folder, choice, cache, progress);
    if (!base && base.error().code == ErrorCode::Cancelled) {
      return std::unexpected(base.error());
    }
    return base;  // other failures are shown here, in the place of the figure
  };
  busy_->setBusy(true);
  task_ = desk_.tasks().start(
      tr("Embedding a context"), work, [this, guard = QPointer(this)](Result<std::shared_ptr<const ContextBase>> base) {
        if (guard.isNull()) {
          return;
        }
        task_.clear();
        if (!base) {
          say(QString::fromStdString(base.error().message));
          return;
        }
        base_ = std::move(*base);
        if (!base_->skipped.empty()) {
          QStringList lines;
          for (const data::Skipped& one : base_->skipped) {
            lines << QString::fromStdString(one.reason);
          }
          desk_.say(widgets::Severity::Warning,
                    tr("%n pictures of the context could not be read and were left out.", nullptr, int(lines.size())),
                    lines.join('\n'));
        }
        read();
      });
}

void ContextPanel::read() {
  if (!active_ || !base_ || current_ < 0 || current_ >= int(pictures_.size())) {
    return;
  }
  ContextQuestion question{.base = base_, .picture = pictures_[std::size_t(current_)], .tau = tau(), .query = nullptr};
  if (answer_) {
    question.query = answer_->question.query;
    if (!tau() && answer_->quarter && answer_->question.base == base_) {
      question.tau = answer_->tau.value;  // one temperature for all pictures of the page
    }
  }
  busy_->setBusy(true);
  reading_.ask([question, shelf = &desk_.checkpoints(),
                prepared = prepared_](std::stop_token) { return readContextOf(*shelf, question, *prepared); },
               [this](Result<std::shared_ptr<const ContextAnswer>> answer) { showAnswer(std::move(answer)); });
}

void ContextPanel::showAnswer(Result<std::shared_ptr<const ContextAnswer>> answer) {
  if (!answer) {
    say(QString::fromStdString(answer.error().message));
    return;
  }
  busy_->setBusy(false);
  const bool quarter = answer_ && answer_->quarter && !tau() && answer_->question.base == (*answer)->question.base;
  if (quarter && !(*answer)->quarter) {
    auto same = std::make_shared<ContextAnswer>(**answer);
    same->quarter = true;
    answer_ = std::move(same);
  } else {
    answer_ = std::move(*answer);
  }
  draw();
  describeTau();
  Q_EMIT contextShown();
}

void ContextPanel::say(const QString& text) {
  reading_.drop();
  busy_->setBusy(false);
  answer_.reset();
  figure_.reset();
  view_->setEmptyText(text);
  view_->setFigure(nullptr);
  describeTau();
}

}  // namespace lix::app
