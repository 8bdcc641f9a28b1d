using Sim.Environments;
using Sim.Environments.Spaces;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>What the world model takes an observation for, and so what it loses by getting it wrong.</summary>
public enum ObservationKind
{
    /// <summary>Truth values of cells: uint8 of highest value 1, three dimensions. Each is a Bernoulli variable.</summary>
    Board,

    /// <summary>A picture: uint8, three dimensions. Squared error of values in [0, 1].</summary>
    Picture,

    /// <summary>Numbers, without past actions behind them. Half the squared error of what is standardised in symlog space.</summary>
    Vector,
}

/// <summary>How an environment's observations become tensors.</summary>
public sealed class ObservationForm
{
    private readonly bool _channelsFirst;
    private readonly float _scale;

    /// <param name="spec">Whose.</param>
    /// <exception cref="ArgumentException">Bytes of several upper limits.</exception>
    public ObservationForm(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var box = spec.GoalBox is null ? spec.ObservationBox : spec.ActorBox;
        // The sequence model is told every action: a window of them in the observation would only take up latents.
        Size = box.Size - (spec.GoalBox is null ? spec.PastActions : 0);
        if (box.Type == ElementType.UInt8 && box.Shape.Count == 3)
        {
            // The fewest are the channels; of equal numbers the last, as Gymnasium has it.
            _channelsFirst = box.Shape[0] < box.Shape[2];
            (Channels, Height, Width) = _channelsFirst ? (box.Shape[0], box.Shape[1], box.Shape[2]) : (box.Shape[2], box.Shape[0], box.Shape[1]);
            _scale = 1 / box.High[0];
            Kind = box.High[0] == 1 ? ObservationKind.Board : ObservationKind.Picture;
            return;
        }
        Kind = ObservationKind.Vector;
    }

    public ObservationKind Kind { get; }

    /// <summary>Numbers of an observation that are read, the first ones.</summary>
    public int Size { get; }

    /// <summary>Of boards and pictures.</summary>
    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Bytes of an observation as it is kept.</summary>
    public int Bytes => Kind == ObservationKind.Vector ? Size * sizeof(float) : Size;

    /// <summary>
    /// What networks read: <c>[rows, channels, height, width]</c> in [0, 1], or <c>[rows, size]</c> in symlog space.
    /// </summary>
    /// <param name="rows">Observations as they are kept, one after the other.</param>
    /// <param name="device">Where to put them.</param>
    public Tensor Read(byte[] rows, Device device)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var scope = NewDisposeScope();
        if (Kind == ObservationKind.Vector)
        {
            float[] numbers = new float[rows.Length / sizeof(float)];
            Buffer.BlockCopy(rows, 0, numbers, 0, rows.Length);
            return TwoHot.Symlog(tensor(numbers, [numbers.Length / Size, Size]).to(device)).MoveToOuterDisposeScope();
        }
        long count = rows.Length / Size;
        // Bytes travel; numbers are made where they are needed.
        var bytes = tensor(rows, _channelsFirst ? [count, Channels, Height, Width] : [count, Height, Width, Channels]).to(device);
        if (!_channelsFirst) bytes = bytes.permute(0, 3, 1, 2);
        return (bytes.to(ScalarType.Float32).contiguous() * _scale).MoveToOuterDisposeScope();
    }

    /// <summary>What is lost by a reconstruction, summed over an observation: <c>[rows]</c>.</summary>
    /// <param name="decoded">What the decoder gives.</param>
    /// <param name="target">What <see cref="Read"/> gave, standardised where it is a vector.</param>
    public Tensor Loss(Tensor decoded, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var scope = NewDisposeScope();
        var each = Kind switch
        {
            ObservationKind.Board => nn.functional.binary_cross_entropy_with_logits(decoded, target, reduction: nn.Reduction.None),
            ObservationKind.Picture => (decoded.sigmoid() - target).pow(2),
            _ => 0.5 * (decoded - target).pow(2),
        };
        return each.flatten(1).sum(1).MoveToOuterDisposeScope();
    }

    /// <summary>What the decoder means, in the units of a target of <see cref="Loss"/>.</summary>
    public Tensor Expected(Tensor decoded) => Kind == ObservationKind.Vector ? decoded.alias() : decoded.sigmoid();
}
