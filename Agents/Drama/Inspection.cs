using System.Runtime.InteropServices;
using Sim.Agents.Metrics;
using SkiaSharp;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>
/// Looks into a world model: how wrong it is one and ten steps ahead under the actions that were taken, and a picture of what happened, of what the
/// encoder keeps of it, and of what the model imagines in its place. It changes nothing that learning depends on.
/// </summary>
internal sealed class Inspection
{
    private const int Windows = 64, Ahead = 10, Strips = 4, CellPixels = 64;

    /// <summary>Draws of its own, so that looking leaves the learner's as they are.</summary>
    private const ulong Seed = 3ul << 32;

    private readonly WorldModel _model;
    private readonly SequenceReplay _replay;
    private readonly DramaSettings _settings;
    private readonly ulong _seed;
    private readonly Device _device;
    private readonly Imagination _imagination;

    public Inspection(WorldModel model, SequenceReplay replay, DramaSettings settings, ulong seed, Device device)
    {
        (_model, _replay, _settings, _seed, _device) = (model, replay, settings, seed + Seed, device);
        _imagination = new Imagination(model, settings, seed + Seed, device);
    }

    /// <summary>Adds the errors of predictions over those of always showing the mean observation, so that 1 is no better than that.</summary>
    public void Report(ICollection<Metric> metrics, ulong updates)
    {
        if (_replay.WindowsOf(Length) < Windows) return;
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        var (windows, seen, imagined, rewards) = Predict(Windows, updates);
        var target = Rows(_model.Target(windows.Observations), Windows);
        var future = target.narrow(1, _settings.Context + 1, Ahead).flatten(0, 1);
        var mean = target.flatten(0, 1).mean([0], keepdim: true);
        var baseline = SquaredError(mean, target.flatten(0, 1)).clamp(min: 1e-9);
        var errors = SquaredErrors(Expected(imagined.flatten(0, 1)), future).view(Windows, Ahead);
        var reconstruction = SquaredError(Expected(seen.flatten(0, 1)), target.flatten(0, 1));
        var actual = SumUntilEnd(windows.Rewards.narrow(1, _settings.Context, Ahead), windows.Ends.narrow(1, _settings.Context, Ahead));
        var foreseen = SumUntilEnd(rewards, windows.Ends.narrow(1, _settings.Context, Ahead));
        float[] numbers = stack([
            reconstruction / baseline, Kept(errors, windows, 0) / baseline, Kept(errors, windows, Ahead - 1) / baseline, Correlation(foreseen, actual),
        ]).to(ScalarType.Float32).cpu().data<float>().ToArray();
        string[] names = [DramaMetrics.ReconstructionError, DramaMetrics.OneStepError, DramaMetrics.TenStepError, DramaMetrics.RewardCorrelation];
        for (int i = 0; i < names.Length; i++)
        {
            // Rewards that never vary correlate with nothing.
            if (float.IsFinite(numbers[i])) metrics.Add(new(names[i], numbers[i]));
        }
    }

    /// <summary>Writes <c>world-model-STEPS.png</c>: a few windows, each as three rows, real, reconstructed and imagined, steps to the right.</summary>
    public void Illustrate(string folder, long steps, ulong updates)
    {
        if (_model.Form.Kind == ObservationKind.Vector || _replay.WindowsOf(Length) < Strips) return;
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        var (windows, seen, imagined, _) = Predict(Strips, updates);
        int context = _settings.Context + 1, length = Length;
        Tensor real = Rows(windows.Observations, Strips), kept = Rows(Expected(seen.flatten(0, 1)), Strips), dreamt = Rows(Expected(imagined.flatten(0, 1)), Strips);
        using var picture = new SKBitmap(length * CellPixels, ((3 * CellPixels) + 8) * Strips, SKColorType.Bgra8888, SKAlphaType.Opaque);
        picture.Erase(SKColors.DimGray);
        for (int strip = 0; strip < Strips; strip++)
        {
            int top = ((3 * CellPixels) + 8) * strip;
            for (int step = 0; step < length; step++)
            {
                Draw(picture, step * CellPixels, top, real[strip, step]);
                Draw(picture, step * CellPixels, top + CellPixels, kept[strip, step]);
                if (step >= context) Draw(picture, step * CellPixels, top + (2 * CellPixels), dreamt[strip, step - context]);
            }
        }
        Directory.CreateDirectory(folder);
        using var stream = File.Create(Path.Combine(folder, $"world-model-{steps:D9}.png"));
        using var data = picture.Encode(SKEncodedImageFormat.Png, 100);
        data.SaveTo(stream);
    }

    private int Length => _settings.Context + 1 + Ahead;

    /// <summary>Windows, latents of all that they show, and latents and rewards imagined after their context.</summary>
    private (SequenceWindows Windows, Tensor Seen, Tensor Imagined, Tensor Rewards) Predict(int count, ulong updates)
    {
        _model.eval();
        ulong time = updates * 8;
        int[] starts = new int[count];
        _replay.DrawToInspect(starts, Length, _seed, time++);
        var windows = _replay.Read(starts, Length, _device);
        var seen = _model.Latents(windows, _imagination.Uniform(ref time, count, Length, _settings.Categoricals));
        int context = _settings.Context;
        var head = new SequenceWindows(Rows(windows.Observations, count).narrow(1, 0, context + 1).flatten(0, 1), windows.Actions.narrow(1, 0, context + 1),
            windows.Rewards.narrow(1, 0, context + 1), windows.Ends.narrow(1, 0, context + 1), windows.First.narrow(1, 0, context + 1));
        var start = _imagination.Begin(head, context, ref time);
        var (imagined, rewards) = _imagination.Follow(start, windows.Actions.narrow(1, context, Ahead), ref time);
        return (windows, seen, imagined, rewards);
    }

    private Tensor Expected(Tensor latents) => _model.Form.Expected(_model.Decode(latents));

    private static Tensor Rows(Tensor observations, int windows) => observations.view([windows, -1, .. observations.shape[1..]]);

    private static Tensor SquaredErrors(Tensor predicted, Tensor target) => (predicted - target).pow(2).flatten(1).sum(1);

    private static Tensor SquaredError(Tensor predicted, Tensor target) => SquaredErrors(predicted, target).mean();

    /// <summary>The mean error of one step ahead over windows in which no episode has ended by then.</summary>
    private Tensor Kept(Tensor errors, SequenceWindows windows, int step)
    {
        var goesOn = windows.First.narrow(1, _settings.Context + 1, step + 1).to(ScalarType.Float32).sum(1).eq(0).to(ScalarType.Float32);
        return (errors.select(1, step) * goesOn).sum() / goesOn.sum().clamp(min: 1);
    }

    private static Tensor SumUntilEnd(Tensor rewards, Tensor ends) => (rewards * (ends.cumsum(1) - ends).eq(0).to(rewards.dtype)).sum(1);

    private static Tensor Correlation(Tensor a, Tensor b)
    {
        Tensor x = a - a.mean(), y = b - b.mean();
        return (x * y).mean() / ((x * x).mean() * (y * y).mean()).sqrt();
    }

    /// <summary>A frame <c>[channels, height, width]</c> in [0, 1]; of a board each channel has a hue.</summary>
    private void Draw(SKBitmap picture, int left, int top, Tensor frame)
    {
        using var scope = NewDisposeScope();
        int channels = _model.Form.Channels, height = _model.Form.Height, width = _model.Form.Width;
        float[] values = frame.cpu().contiguous().data<float>().ToArray();
        var colours = new SKColor[height * width];
        for (int cell = 0; cell < colours.Length; cell++) colours[cell] = Colour(values, cell, height * width, channels);
        var pixels = MemoryMarshal.Cast<byte, uint>(picture.GetPixelSpan());
        for (int y = 0; y < CellPixels - 2; y++)
        {
            for (int x = 0; x < CellPixels - 2; x++)
                pixels[((top + y) * picture.Width) + left + x] = (uint)colours[(y * height / CellPixels * width) + (x * width / CellPixels)];
        }
    }

    private SKColor Colour(float[] values, int cell, int cells, int channels)
    {
        if (_model.Form.Kind == ObservationKind.Picture && channels == 3)
            return new SKColor(Level(values[cell]), Level(values[cell + cells]), Level(values[cell + (2 * cells)]));
        float red = 0, green = 0, blue = 0;
        for (int channel = 0; channel < channels; channel++)
        {
            var hue = SKColor.FromHsv(360f * channel / channels, 80, 100);
            float value = values[cell + (channel * cells)];
            (red, green, blue) = (red + (value * hue.Red / 255), green + (value * hue.Green / 255), blue + (value * hue.Blue / 255));
        }
        return new SKColor(Level(red), Level(green), Level(blue));
    }

    private static byte Level(float value) => (byte)(255 * Math.Clamp(value, 0, 1));
}
