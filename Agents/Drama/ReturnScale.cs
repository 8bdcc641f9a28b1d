using Sim.Agents.Training;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>
/// How far returns spread: moving means of their 5th and 95th percentile, and advantages are divided by the difference where it is above 1. All on
/// the device of the returns.
/// </summary>
public sealed class ReturnScale : IDisposable
{
    private const double Decay = 0.99, Low = 0.05, High = 0.95;

    private readonly Tensor _percentiles;

    /// <param name="device">Where the returns are.</param>
    public ReturnScale(Device device)
    {
        _percentiles = zeros([2], ScalarType.Float32, device);
        _percentiles.DetachFromDisposeScope();
    }

    /// <summary>Counts a batch of returns of any shape.</summary>
    /// <returns>What to divide advantages by, a number of at least 1.</returns>
    public Tensor Update(Tensor returns)
    {
        ArgumentNullException.ThrowIfNull(returns);
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        var sorted = returns.detach().flatten().sort().Values;
        long count = sorted.shape[0];
        var now = stack([sorted[(long)(Low * count)], sorted[(long)(High * count)]]);
        _percentiles.mul_(Decay).add_(now, alpha: 1 - Decay);
        return (_percentiles[1] - _percentiles[0]).clamp(min: 1).MoveToOuterDisposeScope();
    }

    public void Save(Checkpoint checkpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        using var scope = NewDisposeScope();
        checkpoint.Put<float>(name, _percentiles.cpu().data<float>().ToArray());
    }

    /// <exception cref="InvalidDataException">There is no such entry, or it holds something else.</exception>
    public void Load(Checkpoint checkpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        float[] saved = new float[2];
        checkpoint.Get<float>(name, saved);
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        _percentiles.copy_(tensor(saved));
    }

    public void Dispose() => _percentiles.Dispose();
}
