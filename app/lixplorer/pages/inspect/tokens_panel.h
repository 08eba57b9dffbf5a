#pragma once
#include <QLabel>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "desk/relay.h"
#include "figure_view/figure_view.h"
#include "figures/heat_figure.h"
#include "pages/inspect/inspect_panel.h"
#include "study/probes/token_use.h"

class QBoxLayout;
class QComboBox;

namespace lix::app {

class Desk;

/// What a question about tokens is of: one picture of an answer, or all of them.
struct TokensQuestion {
  std::shared_ptr<const ReadAnswer> answer, other;
  std::optional<std::size_t> picture;  ///< nullopt: all
  bool operator==(const TokensQuestion&) const = default;
};

struct TokensAnswer {
  TokensQuestion question;
  study::TokenUse use;
  study::Histogram pairs;
  std::vector<std::size_t> dead;        ///< of the tokens that are not knocked out
  std::optional<double> otherDistance;  ///< the mean of the other checkpoint: 0 where it has no mixture
};

/// How a Llip's tokens are used by what the question is of; on the interactive lane.
Result<std::shared_ptr<const TokensAnswer>> countTokens(TokensQuestion question);

/// How a Llip uses its mixture tokens for one picture or all: shares, dead ones, entropies, and how far captions move
/// an embedding.
class TokensPanel : public InspectPanel {
  Q_OBJECT

 public:
  explicit TokensPanel(Desk& desk, QWidget* parent = nullptr);

  void look(const InspectView& view) override;
  void rest() override;
  void setEmptyText(const QString& text) override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;
  const TokensAnswer* answer() const { return counted_.get(); }

 Q_SIGNALS:
  void tokensShown();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  void count();
  void say(const QString& text);
  void draw();
  QString summary() const;
  QString without() const;
  std::string subtitle() const;
  void drawUse();
  void drawEntropies();
  void drawDistances();
  std::vector<std::string> names(std::size_t first, std::size_t count) const;
  QString entropyHint(const QPointF& at) const;

  Desk& desk_;
  Relay counting_;
  std::shared_ptr<const ReadAnswer> answer_, other_;
  std::size_t picture_ = 0;
  int caption_ = 0;
  std::shared_ptr<const TokensAnswer> counted_;
  std::optional<TokensQuestion> asked_;
  figures::HeatData entropies_;
  QString emptyText_;

  QComboBox* of_;
  QLabel* summary_;
  QBoxLayout* column_;
  widgets::FigureView *use_, *entropy_, *distances_;
};

}  // namespace lix::app
