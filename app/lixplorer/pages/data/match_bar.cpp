#include "pages/data/match_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>

#include "theme/theme.h"

namespace lix::app {

MatchBar::MatchBar(QWidget* parent) : QFrame(parent), text_(new QLabel) {
  setObjectName("data.matchBar");
  setProperty("card", true);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(10, 4, 4, 4);
  row->setSpacing(8);
  text_->setObjectName("data.matches");
  text_->setTextFormat(Qt::PlainText);
  text_->setWordWrap(true);
  auto* clear = new QPushButton(widgets::icon("cancel"), tr("Clear"));
  clear->setObjectName("data.clearMatches");
  clear->setAccessibleName(tr("Show all pictures again"));
  clear->setToolTip(tr("Shows all pictures of the dataset again (Esc in the grid)."));
  row->addWidget(text_, 1);
  row->addWidget(clear);
  connect(clear, &QPushButton::clicked, this, &MatchBar::clearAsked);
  hide();
}

void MatchBar::setMatches(const QString& title, std::size_t count, std::size_t missing, std::size_t leftOut) {
  const auto number = [](std::size_t value) { return QLocale(QLocale::English).toString(qulonglong(value)); };
  title_ = title;
  text_->setText(tr("%1 (%2)").arg(title, number(count)) +
                 (missing == 0 ? QString() : tr(", %1 of them not in the dataset now").arg(number(missing))) +
                 (leftOut == 0 ? QString()
                               : tr(", of which words, class or split leave out %1: %2 are shown")
                                     .arg(number(leftOut), number(count - missing - leftOut))));
  setVisible(!title.isEmpty());
}

}  // namespace lix::app
