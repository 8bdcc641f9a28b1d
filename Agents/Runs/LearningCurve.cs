using ScottPlot;
using ScottPlot.TickGenerators;
using Sim.Agents.Metrics;

namespace Sim.Agents.Runs;

/// <summary>One point of a learning curve; the success rate, in [0, 1], is absent from tasks without a goal.</summary>
public readonly record struct CurvePoint(long Step, double Return, double? SuccessRate);

/// <summary>
/// Draws a run's <c>learning-curve.png</c>: episodic return on the left and success rate on the right, against
/// environment steps. Long curves show a running mean over the pale raw values.
/// </summary>
public static class LearningCurve
{
    private const int Width = 960, Height = 540;

    /// <summary>Curves of fewer points are drawn as they are; longer ones also as a mean of this share.</summary>
    private const int SmoothFrom = 50;
    private const double SmoothShare = 0.04;

    private static readonly Color s_return = Color.FromHex("#1F5FBF"), s_success = Color.FromHex("#2E8B57");
    private static readonly Color s_text = Color.FromHex("#303438"), s_grid = Color.FromHex("#E6E8EB");

    /// <summary>
    /// The points of a run's <c>metrics.jsonl</c>: its evaluations where training was judged on its way, since it may
    /// train under other settings than it is judged by; else its records that hold a mean return.
    /// </summary>
    public static IReadOnlyList<CurvePoint> Read(string metricsPath)
    {
        var judged = Points(metricsPath, MetricNames.EvaluationReturn, MetricNames.EvaluationSuccessRate);
        return judged.Count > 0 ? judged : Points(metricsPath, MetricNames.EpisodicReturn, MetricNames.SuccessRate);
    }

    private static List<CurvePoint> Points(string metricsPath, string returns, string successes) =>
    [
        .. from record in MetricsLog.Read(metricsPath)
           where record.Values.ContainsKey(returns)
           select new CurvePoint(record.Step, record.Values[returns], record.Values.TryGetValue(successes, out double rate) ? rate : null)
    ];

    /// <summary>Writes the picture, 960 × 540 pixels. A run without points yet gets empty axes.</summary>
    public static void Save(string path, string title, IReadOnlyList<CurvePoint> points, string steps = "environment steps")
    {
        using var plot = new Plot();
        Style(plot, title, steps);

        var returns = points.Select(point => new Coordinates(point.Step, point.Return)).ToArray();
        Draw(plot, returns, s_return, plot.Axes.Left);

        var successes = points.Where(point => point.SuccessRate.HasValue)
            .Select(point => new Coordinates(point.Step, 100 * point.SuccessRate!.Value)).ToArray();
        if (successes.Length > 0)
        {
            Draw(plot, successes, s_success, plot.Axes.Right);
            plot.Axes.Right.Label.Text = "success rate / %";
            plot.Axes.Right.Label.ForeColor = s_success;
            plot.Axes.Right.TickLabelStyle.ForeColor = s_success;
            plot.Axes.Left.Label.ForeColor = s_return;
            plot.Axes.Left.TickLabelStyle.ForeColor = s_return;
            plot.Axes.SetLimitsY(-3, 103, plot.Axes.Right);
        }
        if (points.Count > 0)
            plot.Axes.SetLimitsX(0, 1.01 * Math.Max(1, points[^1].Step), plot.Axes.Bottom);
        plot.SavePng(path, Width, Height);
    }

    private static void Style(Plot plot, string title, string steps)
    {
        plot.Font.Set(EmbeddedFont.Family);
        plot.FigureBackground.Color = Colors.White;
        plot.Title(title, 20);
        plot.Axes.Title.Label.ForeColor = s_text;
        plot.XLabel(steps, 15);
        plot.YLabel("episodic return", 15);
        plot.Axes.Right.Label.FontSize = 15;
        plot.Grid.MajorLineColor = s_grid;
        plot.Grid.XAxisStyle.MajorLineStyle.IsVisible = false;

        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.TickLabelStyle.FontSize = 13;
            axis.TickLabelStyle.ForeColor = s_text;
            axis.Label.ForeColor = s_text;
            axis.Label.Bold = false;
            axis.FrameLineStyle.Color = s_grid;
            axis.MajorTickStyle.Color = s_grid;
            axis.MinorTickStyle.Length = 0;
            axis.TickGenerator = new NumericAutomatic { LabelFormatter = SiPrefix.Format };
        }
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.Left.FrameLineStyle.IsVisible = false;
    }

    private static void Draw(Plot plot, Coordinates[] curve, Color color, IYAxis axis)
    {
        if (curve.Length == 0)
            return;
        var raw = plot.Add.ScatterLine(curve, color);
        raw.Axes.YAxis = axis;
        if (curve.Length < SmoothFrom)
        {
            raw.LineWidth = 2.5f;
            raw.MarkerShape = MarkerShape.FilledCircle;
            raw.MarkerSize = curve.Length == 1 ? 9 : 5;
            return;
        }
        raw.LineWidth = 1;
        raw.LineColor = color.WithAlpha(0.35);
        var mean = plot.Add.ScatterLine(RunningMean(curve), color);
        mean.Axes.YAxis = axis;
        mean.LineWidth = 3;
    }

    /// <summary>Mean over a window centred on each point, cut off at the ends of the curve.</summary>
    private static Coordinates[] RunningMean(Coordinates[] curve)
    {
        int half = (int)Math.Max(1, curve.Length * SmoothShare / 2);
        return [.. curve.Select((point, i) =>
        {
            var window = curve[Math.Max(0, i - half)..Math.Min(curve.Length, i + half + 1)];
            return new Coordinates(point.X, window.Average(near => near.Y));
        })];
    }
}
