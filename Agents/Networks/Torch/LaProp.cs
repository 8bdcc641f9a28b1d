using Sim.Agents.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Sim.Agents.Networks.Torch;

/// <summary>
/// LaProp (Ziyin et al., "LaProp: Separating Momentum and Adaptivity in Adam", 2020): gradients are divided by their root mean square first and averaged
/// afterwards, so that a very small ε is safe. v ← β₂ v + (1 − β₂) g², ĝ = g / (√(v / (1 − β₂ᵗ)) + ε), m ← β₁ m + (1 − β₁) lr ĝ, p ← p − m · lr / (mean of lr as of m).
/// </summary>
public sealed class LaProp : IDisposable
{
    private readonly Parameter[] _parameters;
    private readonly Tensor[] _first, _second;
    private readonly double _beta1, _beta2, _epsilon;
    private double _meanRate;
    private long _steps;

    /// <param name="parameters">What is learnt.</param>
    /// <param name="beta1">Decay of the mean.</param>
    /// <param name="beta2">Decay of the mean square.</param>
    /// <param name="epsilon">What keeps the root from 0.</param>
    public LaProp(IEnumerable<Parameter> parameters, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-20)
    {
        _parameters = [.. parameters];
        (_beta1, _beta2, _epsilon) = (beta1, beta2, epsilon);
        _first = [.. _parameters.Select(parameter => zeros_like(parameter).DetachFromDisposeScope())];
        _second = [.. _parameters.Select(parameter => zeros_like(parameter).DetachFromDisposeScope())];
    }

    /// <summary>Steps taken.</summary>
    public long Steps => _steps;

    /// <summary>One step with the present gradients, which are then 0. A parameter without one stays.</summary>
    /// <param name="rate">Learning rate of this step.</param>
    /// <param name="maximumNorm">Gradients are shortened to this norm, all together; infinite for never.</param>
    /// <returns>The norm before, on the device.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A rate that is not above 0.</exception>
    public Tensor Step(double rate, double maximumNorm = double.PositiveInfinity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        _steps++;
        _meanRate = (_beta1 * _meanRate) + ((1 - _beta1) * rate);
        var gradients = _parameters.Select(parameter => parameter.grad).ToArray();
        var norm = stack([.. gradients.Where(gradient => gradient is not null).Select(gradient => gradient!.pow(2).sum())]).sum().sqrt();
        var scale = double.IsPositiveInfinity(maximumNorm) ? null : (maximumNorm / (norm + 1e-6)).clamp(max: 1);
        double correction = 1 - Math.Pow(_beta2, _steps);
        for (int i = 0; i < _parameters.Length; i++)
        {
            if (gradients[i] is not { } gradient) continue;
            if (scale is not null) gradient.mul_(scale);
            _second[i].mul_(_beta2).addcmul_(gradient, gradient, 1 - _beta2);
            var unit = gradient / ((_second[i] / correction).sqrt_() + _epsilon);
            _first[i].mul_(_beta1).add_(unit, alpha: (1 - _beta1) * rate);
            _parameters[i].add_(_first[i], alpha: -rate / _meanRate);
            gradient.zero_();
        }
        return norm.MoveToOuterDisposeScope();
    }

    public void Save(Checkpoint checkpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        using var scope = NewDisposeScope();
        checkpoint.Put<long>($"{name}/steps", [_steps]);
        checkpoint.Put<double>($"{name}/mean-rate", [_meanRate]);
        for (int i = 0; i < _parameters.Length; i++)
        {
            checkpoint.Put<float>($"{name}/first-moments/{i}", Numbers(_first[i]));
            checkpoint.Put<float>($"{name}/second-moments/{i}", Numbers(_second[i]));
        }
    }

    /// <exception cref="InvalidDataException">The checkpoint holds other sizes.</exception>
    public void Load(Checkpoint checkpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _steps = checkpoint.Get<long>($"{name}/steps")[0];
        _meanRate = checkpoint.Get<double>($"{name}/mean-rate")[0];
        for (int i = 0; i < _parameters.Length; i++)
        {
            Read(checkpoint, $"{name}/first-moments/{i}", _first[i]);
            Read(checkpoint, $"{name}/second-moments/{i}", _second[i]);
        }
    }

    public void Dispose()
    {
        foreach (var moment in _first) moment.Dispose();
        foreach (var moment in _second) moment.Dispose();
    }

    private static float[] Numbers(Tensor moment) => moment.cpu().contiguous().data<float>().ToArray();

    private static void Read(Checkpoint checkpoint, string name, Tensor target)
    {
        float[] numbers = new float[target.numel()];
        checkpoint.Get<float>(name, numbers);
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        target.copy_(tensor(numbers, target.shape));
    }
}
