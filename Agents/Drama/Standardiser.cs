using Sim.Agents.Training;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>
/// Mean 0 and variance 1 over all that was ever seen, cut off at ±10; the moments merge as in <see cref="RunningMoments"/>, on the device.
/// </summary>
internal sealed class Standardiser : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-8, Limit = 10;

    private readonly Tensor _mean, _variance, _count;

    public Standardiser(int size)
        : base(nameof(Standardiser))
    {
        _mean = zeros(size).DetachFromDisposeScope();
        _variance = ones(size).DetachFromDisposeScope();
        _count = full([1], 1e-4).to(ScalarType.Float64).DetachFromDisposeScope();
        register_buffer(nameof(_mean), _mean);
        register_buffer(nameof(_variance), _variance);
        register_buffer(nameof(_count), _count);
    }

    /// <summary>Takes rows <c>[rows, size]</c> in.</summary>
    public void Update(Tensor rows)
    {
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        long number = rows.shape[0];
        Tensor mean = rows.mean([0]), variance = rows.var(0, unbiased: false), total = _count + number;
        Tensor share = (number / total).to(ScalarType.Float32), kept = (_count / total).to(ScalarType.Float32);
        var distance = mean - _mean;
        _variance.copy_((_variance * kept) + (variance * share) + (distance.pow(2) * kept * share));
        _mean.add_(distance * share);
        _count.copy_(total);
    }

    public override Tensor forward(Tensor input) => ((input - _mean) / (_variance + Epsilon).sqrt()).clamp(-Limit, Limit);
}
