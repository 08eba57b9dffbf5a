#include "pages/data/explore_panel.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "frame/choices.h"
#include "pages/data/explore_source.h"

namespace lix::app {

ExplorePanel::ExplorePanel(ExploreSource& source, const QString& name)
    : source_(source), name_(name), column_(new QVBoxLayout(this)), checkpoint_(new CheckpointBox(source.desk())),
      line_(new QLabel) {
  setObjectName(name);
  column_->setContentsMargins(8, 6, 8, 6);
  column_->setSpacing(6);
  checkpoint_->setObjectName(name + "Checkpoint");
  checkpoint_->setAccessibleName(tr("Checkpoint to explore with"));
  checkpoint_->setToolTip(tr("The model that says which pictures are alike, the same in all exploring panels (Up and Down "
                             "choose)."));
  column_->addWidget(checkpoint_);
  line_->setObjectName(name + "Line");
  line_->setProperty("muted", true);
  line_->setWordWrap(true);
  line_->setTextFormat(Qt::PlainText);
  connect(checkpoint_, &CheckpointBox::chosen, this, [this] { source_.setCheckpoint(checkpoint_->folder()); });
  connect(&source, &ExploreSource::changed, this, &ExplorePanel::follow);
  if (source.checkpoint().empty()) {
    source.setCheckpoint(checkpoint_->folder());
  }
}

QPushButton* ExplorePanel::button(const QString& name, const QString& text, const QString& accessible,
                                  const QString& tip) {
  auto* button = new QPushButton(text);
  button->setObjectName(name_ + name);
  button->setAccessibleName(accessible);
  button->setToolTip(tip);
  return button;
}

void ExplorePanel::finish() {
  column_->addWidget(line_);
  follow();
}

void ExplorePanel::say(const QString& text) {
  said_ = text;
  follow();
}

void ExplorePanel::follow() {
  if (!source_.checkpoint().empty() && checkpoint_->folder() != source_.checkpoint()) {
    checkpoint_->setFolder(source_.checkpoint());
  }
  const QString problem = source_.problem();
  line_->setText(!problem.isEmpty() ? problem : source_.status().isEmpty() ? said_ : source_.status());
}

}  // namespace lix::app
