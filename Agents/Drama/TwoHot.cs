using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>
/// Numbers as distributions over 255 bins, evenly spaced from −20 to 20 in symlog space: a number's weight lies on the two bins beside it
/// (Hafner et al., "Mastering Diverse Domains through World Models", 2023). What is decoded is the expectation in symlog space.
/// </summary>
public static class TwoHot
{
    /// <summary>Bins.</summary>
    public const int Bins = 255;

    private const double Highest = 20, Width = 2 * Highest / (Bins - 1);

    /// <summary>sign(x) ln(1 + |x|).</summary>
    public static Tensor Symlog(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.sign() * x.abs().log1p();
    }

    /// <summary>sign(x) (exp |x| − 1).</summary>
    public static Tensor Symexp(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.sign() * x.abs().expm1();
    }

    /// <summary>The bin below each number, 0 to 253, and the weight of the one above it.</summary>
    public static (Tensor Lower, Tensor UpperWeight) Bracket(Tensor numbers)
    {
        // Numbers beyond the bins lie on the outermost; the last has none above it.
        var place = (Symlog(numbers) + Highest).clamp(0, 2 * Highest) / Width;
        var lower = place.floor().clamp(0, Bins - 2);
        return (lower.to(ScalarType.Int64), place - lower);
    }

    /// <summary>Cross-entropy of each number's two-hot distribution with logits <c>[…, 255]</c>.</summary>
    /// <param name="logits"><c>[…, 255]</c>.</param>
    /// <param name="numbers"><c>[…]</c>.</param>
    public static Tensor CrossEntropy(Tensor logits, Tensor numbers)
    {
        using var scope = NewDisposeScope();
        var (lower, weight) = Bracket(numbers);
        var logs = nn.functional.log_softmax(logits, -1);
        Tensor below = logs.gather(-1, lower.unsqueeze(-1)).squeeze(-1), above = logs.gather(-1, (lower + 1).unsqueeze(-1)).squeeze(-1);
        return (-(below + (weight * (above - below)))).MoveToOuterDisposeScope();
    }

    /// <summary>The numbers that logits <c>[…, 255]</c> stand for.</summary>
    public static Tensor Decode(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var scope = NewDisposeScope();
        var bins = linspace(-Highest, Highest, Bins, logits.dtype, logits.device);
        return Symexp((nn.functional.softmax(logits, -1) * bins).sum(-1)).MoveToOuterDisposeScope();
    }
}
