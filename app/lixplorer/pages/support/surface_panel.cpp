#include "pages/support/surface_panel.h"

#include <QHBoxLayout>
#include <QJsonArray>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QVBoxLayout>
#include <cmath>

#include "desk/desk.h"
#include "figure_view/figure_view.h"
#include "frame/page_parts.h"
#include "pages/support/adapter_box.h"

namespace lix::app {
namespace {

constexpr const char* kAdapter = "tip-adapter";
constexpr double kSame = 1e-3;  // relative: fields round what they hold
constexpr int kWidest = 760;
constexpr int kWide = 640;  // from here on words stand beside the figure

/// Both rise by four steps a decade, from 0.1 to 31.6.
adapt::TipGrid grid() {
  adapt::TipGrid grid;
  for (int i = -4; i <= 6; ++i) {
    const double value = std::pow(10.0, i / 4.0), digits = value < 1.0 ? 100.0 : 10.0;
    grid.alphas.push_back(std::round(value * digits) / digits);
  }
  grid.betas = grid.alphas;
  return grid;
}

double defaultOf(const std::string& key) {
  for (const Param& param : (*adapt::find(kAdapter))->params) {
    if (param.key == key && std::holds_alternative<double>(param.value)) {
      return std::get<double>(param.value);
    }
  }
  return NAN;
}

}  // namespace

SurfacePanel::SurfacePanel(Desk& desk, LiveScores& scores, QWidget* parent)
    : SupportPanel(parent),
      scores_(scores),
      relay_(scores.slowLane()),
      figure_(new widgets::FigureView),
      other_(new QLabel),
      status_(new QLabel),
      cursor_(new QLabel),
      lock_(new QLabel),
      best_(new QPushButton(tr("Use the best"))),
      unlock_(new QPushButton(tr("Unlock test"))) {
  build();
  connect(figure_, &widgets::FigureView::failed, this,
          [&desk](const QString& sentence) { desk.say(widgets::Severity::Error, sentence); });
  connect(figure_, &widgets::FigureView::clicked, this, [this](const QPointF& at) {
    if (const auto place = placeAt(at)) {
      choose(*place);
    }
  });
  connect(best_, &QPushButton::clicked, this, [this] {
    if (surface_) {
      choose(surface_->best);
    }
  });
  connect(unlock_, &QPushButton::clicked, this, &SurfacePanel::unlock);
  for (auto signal : {&ShownAdapter::chosen, &ShownAdapter::restored}) {
    connect(&scores_.shown(), signal, this, &SurfacePanel::tellOther);
  }
  tellOther();
  connect(&scores_, &LiveScores::scored, this, &SurfacePanel::refresh);
  connect(&scores_, &LiveScores::statusChanged, this, [this] {
    if (active_ && !scores_.scores()) {
      forget();
    }
  });
}

void SurfacePanel::build() {
  figure_->setObjectName("support.surface");
  figure_->setAccessibleName(tr("Accuracy over alpha and beta"));
  figure_->setFocusPolicy(Qt::StrongFocus);
  figure_->setMaximumWidth(kWidest);
  figure_->installEventFilter(this);
  figure_->setHint([this](const QPointF& at) {
    const auto place = placeAt(at);
    return place ? words(*place) : tr("A click on a cell, or arrows and Enter, put its alpha and beta into Settings.");
  });
  for (QLabel* label : {other_, status_, cursor_, lock_}) {
    label->setWordWrap(true);
    label->setProperty("muted", true);
  }
  other_->setObjectName("support.surfaceOther");
  status_->setObjectName("support.surfaceStatus");
  cursor_->setObjectName("support.surfaceCell");
  lock_->setObjectName("support.surfaceLock");
  best_->setObjectName("support.surfaceBest");
  best_->setToolTip(tr("Puts the alpha and beta that are best on the validation half into Settings."));
  unlock_->setObjectName("support.unlock");
  unlock_->setToolTip(tr("Shows the test half beside the validation half, from now on, for this set, dataset and split."));
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(best_);
  buttons->addWidget(unlock_);
  buttons->addStretch(1);
  auto* words = new QVBoxLayout;
  words->addWidget(other_);
  words->addWidget(status_);
  words->addWidget(cursor_);
  words->addLayout(buttons);
  words->addWidget(lock_);
  words->addStretch(1);
  auto* inside = new QWidget;
  halves_ = new QBoxLayout(QBoxLayout::TopToBottom, inside);
  halves_->setContentsMargins(8, 6, 8, 6);
  halves_->setSpacing(8);
  halves_->addLayout(words);
  halves_->addWidget(figure_, 1, Qt::AlignTop);
  auto* outside = new QVBoxLayout(this);
  outside->setContentsMargins(0, 0, 0, 0);
  outside->addWidget(scrolled(inside));
  draw();
}

/// The surface is always Tip-Adapter's: said where the panels speak of another adapter.
void SurfacePanel::tellOther() {
  const auto shown = adapt::find(scores_.shown().id());
  const bool other = shown && scores_.shown().id() != kAdapter;
  if (other) {
    other_->setText(tr("Tip-Adapter's: %1 has no alpha and beta here.").arg(QString::fromStdString((*shown)->title)));
  }
  other_->setVisible(other);
}

void SurfacePanel::setName(const std::string& name, int opening) {
  if (name == name_ && opening == opening_) {
    return;
  }
  const bool renamed = opening == opening_ && !name_.empty();
  if (renamed) {
    std::set<Seen> kept;
    for (Seen one : unlocked_) {
      one.set = one.set == name_ ? name : one.set;
      kept.insert(std::move(one));
    }
    unlocked_ = std::move(kept);
  }
  name_ = name;
  opening_ = opening;
  if (!renamed) {
    forget();
    refresh();
  }
}

void SurfacePanel::setNames(const std::set<std::string>& names) {
  std::erase_if(unlocked_, [&](const Seen& one) {
    return one.set != name_ && names_.contains(one.set) && !names.contains(one.set);
  });
  names_ = names;
}

SurfacePanel::Seen SurfacePanel::seen() const {
  return {name_, scores_.plan().dataset, static_cast<int>(scores_.plan().split)};
}

void SurfacePanel::unlock() {
  unlocked_.insert(seen());
  refresh();
}

void SurfacePanel::setActive(bool active) {
  active_ = active;
  if (active && stale_) {
    ask();
  } else if (!active) {
    stale_ = stale_ || relay_.busy();
    relay_.drop();
  }
}

void SurfacePanel::forget() {
  relay_.drop();
  surface_.reset();
  task_.reset();
  say(whyNothing(scores_, kAdapter));
}

void SurfacePanel::refresh() {
  stale_ = true;
  if (active_) {
    ask();
  }
}

void SurfacePanel::ask() {
  if (const QString why = whyNothing(scores_, kAdapter); !why.isEmpty()) {
    forget();
    return;
  }
  const auto task = scores_.scores()->task;
  if (surface_ && task == task_ && surface_->test.empty() != isUnlocked()) {
    relay_.drop();
    stale_ = false;
    place_ = inForce().value_or(place_);
    draw();
    return;
  }
  const auto parts = isUnlocked() ? study::SurfaceParts::Both : study::SurfaceParts::Validation;
  relay_.ask([task, parts](std::stop_token stop) {
               study::SupportTask asked = task->task();
               asked.stop = std::move(stop);
               return study::supportSurface(asked, grid(), parts);
             },
             [this, task](Result<study::SupportSurface> surface) {
               stale_ = false;
               if (!surface) {
                 surface_.reset();
                 say(QString::fromStdString(surface.error().message));
                 return;
               }
               const bool first = !surface_;
               surface_ = std::move(*surface);
               task_ = task;
               place_ = first ? inForce().value_or(surface_->best) : place_;
               say({});
             });
}

void SurfacePanel::say(const QString& status) {
  status_->setText(status);
  draw();
}

std::optional<std::size_t> SurfacePanel::inForce() const {
  const auto settings = scores_.settings().find(kAdapter);
  if (settings == scores_.settings().end()) {
    return std::nullopt;
  }
  const auto place = [&](const char* key, const std::vector<double>& values) -> std::optional<std::size_t> {
    const auto found = settings->second.find(key);
    // What is at its default is not named there.
    const double value = found == settings->second.end() ? defaultOf(key) : std::get<double>(found->second);
    const auto at =
        std::ranges::find_if(values, [&](double one) { return std::abs(one - value) <= kSame * std::abs(value); });
    return at == values.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - values.begin()));
  };
  const auto alpha = place("alpha", surface_->grid.alphas), beta = place("beta", surface_->grid.betas);
  return alpha && beta ? std::optional(*beta * surface_->grid.alphas.size() + *alpha) : std::nullopt;
}

void SurfacePanel::resizeEvent(QResizeEvent* event) {
  SupportPanel::resizeEvent(event);
  halves_->setDirection(event->size().width() >= kWide ? QBoxLayout::RightToLeft : QBoxLayout::TopToBottom);
}

bool SurfacePanel::eventFilter(QObject* object, QEvent* event) {
  if (object == figure_ && event->type() == QEvent::KeyPress && surface_) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->modifiers() == Qt::NoModifier && onKey(key->key())) {
      return true;
    }
  }
  return SupportPanel::eventFilter(object, event);
}

QJsonObject SurfacePanel::state() const {
  QJsonArray seen;
  for (const Seen& one : unlocked_) {
    seen.append(QJsonObject{{"set", QString::fromStdString(one.set)},
                            {"dataset", QString::fromStdString(one.dataset)},
                            {"split", one.split}});
  }
  return {{"unlocked", seen}};
}

void SurfacePanel::restore(const QJsonObject& state) {
  unlocked_.clear();
  for (const QJsonValue& one : state["unlocked"].toArray()) {
    unlocked_.insert({one["set"].toString().toStdString(), one["dataset"].toString().toStdString(), one["split"].toInt()});
  }
  refresh();
}

}  // namespace lix::app
