// Long lines in a chart against plain Qt Charts, in one process: chart_bench [SAMPLES]
#include <QApplication>
#include <QChart>
#include <QChartView>
#include <QElapsedTimer>
#include <QImage>
#include <QLineSeries>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "charts/series_chart.h"

namespace {

constexpr int kWidth = 1200, kHeight = 600;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double noisyLoss(std::size_t i, std::size_t size) {
  const double x = std::sin(double(i) * 12.9898) * 43758.5453;
  return 1.0 + 4.0 * std::exp(-5.0 * double(i) / double(size)) + 0.4 * (x - std::floor(x));
}

/// Milliseconds of `change` and of painting the view's contents into an image, each time; the median of `times`.
double frame(QChartView& view, int times, auto change) {
  QImage image(view.viewport()->size(), QImage::Format_ARGB32_Premultiplied);
  std::vector<double> ms;
  for (int i = 0; i < times; ++i) {
    QElapsedTimer timer;
    timer.start();
    change(i);
    QPainter painter(&image);
    view.render(&painter, image.rect(), view.viewport()->rect());
    painter.end();
    ms.push_back(double(timer.nsecsElapsed()) / 1e6);
  }
  return median(ms);
}

struct Numbers {
  double first, append, smooth, zoomed;
};

Numbers ours(const std::vector<double>& xs, const std::vector<double>& ys) {
  lix::widgets::SeriesChart chart;
  chart.resize(kWidth, kHeight);
  chart.show();
  QApplication::processEvents();
  const auto upTo = [&](std::size_t size) {
    lix::figures::SeriesPanelView panel{.title = "Loss", .lines = {}, .marks = {}, .levels = {}};
    panel.lines.push_back({"loss", "", std::span(xs).first(size), std::span(ys).first(size)});
    chart.setPanel(panel);
  };
  const auto drawNow = [&] {
    while (chart.isPending()) {
      QApplication::processEvents();
    }
  };
  const std::size_t half = xs.size() - 200;
  QElapsedTimer timer;
  timer.start();
  upTo(half);
  drawNow();
  Numbers numbers{};
  numbers.first = double(timer.nsecsElapsed()) / 1e6;
  auto& view = *chart.findChild<QChartView*>();
  QApplication::processEvents();
  const auto later = [&] {  // what was drawn less than a frame ago would only be scheduled
    QElapsedTimer wait;
    for (wait.start(); wait.elapsed() < 40;) {
      QApplication::processEvents();
    }
  };
  std::vector<double> ms;
  for (int i = 1; i <= 50; ++i) {
    later();
    ms.push_back(frame(view, 1, [&](int) { upTo(half + std::size_t(i)); }));
  }
  numbers.append = median(ms);
  ms.clear();
  for (int i = 1; i <= 10; ++i) {
    later();
    ms.push_back(frame(view, 1, [&](int) { chart.setSmoothing(0.09 * i); }));
  }
  numbers.smooth = median(ms);
  chart.setSmoothing(0.0);
  later();
  chart.chart()->zoomIn(chart.chart()->plotArea().adjusted(400, 100, -400, -100));
  later();
  numbers.zoomed = frame(view, 20, [&](int) { chart.chart()->scroll(3, 0); });
  return numbers;
}

double plain(const std::vector<double>& xs, const std::vector<double>& ys) {
  QChartView view;
  view.setRenderHint(QPainter::Antialiasing);
  auto* line = new QLineSeries;
  view.chart()->addSeries(line);
  view.chart()->createDefaultAxes();
  view.resize(kWidth, kHeight);
  view.show();
  QApplication::processEvents();
  QList<QPointF> points;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    points.append({xs[i], ys[i]});
  }
  view.chart()->axes(Qt::Horizontal).first()->setRange(0, double(xs.size()));
  view.chart()->axes(Qt::Vertical).first()->setRange(0, 6);
  return frame(view, 3, [&](int i) {
    points.back().setY(1.0 + 0.1 * i);
    line->replace(points);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM") && !qEnvironmentVariableIsSet("DISPLAY")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
  QApplication application(argc, argv);
  const std::size_t size = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
  if (size < 1000) {
    std::fprintf(stderr, "chart_bench [SAMPLES]: at least 1000 samples.\n");
    return 2;
  }
  std::vector<double> xs(size), ys(size);
  for (std::size_t i = 0; i < size; ++i) {
    xs[i] = double(i);
    ys[i] = noisyLoss(i, size);
  }
  const Numbers mine = ours(xs, ys);
  const double peer = plain(xs, ys);
  std::printf("a line of %zu samples, chart of %d x %d, %s, median milliseconds a frame\n", size, kWidth, kHeight,
              QApplication::platformName().toUtf8().constData());
  std::printf("  first shown (pyramid built, not painted)   %9.2f\n", mine.first);
  std::printf("  one sample appended and all painted        %9.2f\n", mine.append);
  std::printf("  another smoothing and all painted          %9.2f\n", mine.smooth);
  std::printf("  zoomed to a third, scrolled and painted    %9.2f\n", mine.zoomed);
  std::printf("  plain Qt Charts, one sample changed        %9.2f\n", peer);
  std::printf("  ratio of appended to plain                 %9.1f\n", peer / mine.append);
  return 0;
}
