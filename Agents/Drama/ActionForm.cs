using Sim.Agents.Policies;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>
/// How actions are drawn, weighed and sent. Choices are one-hot, drawn from a softmax. Numbers are normal around tanh of an output with a deviation between 0.1
/// and 1, in units of the half-range, clipped when they are taken (as in Hafner et al. 2023).
/// </summary>
public sealed class ActionForm
{
    private const double LeastDeviation = 0.1, MostDeviation = 1;

    private readonly ActionScale? _scale;

    /// <exception cref="ArgumentException">The action space is neither choices nor a box.</exception>
    public ActionForm(Space space)
    {
        ArgumentNullException.ThrowIfNull(space);
        Size = space switch
        {
            Discrete discrete => discrete.Count,
            Box box => box.Size,
            _ => throw new ArgumentException($"drama takes choices or numbers, not {space}"),
        };
        _scale = space is Box limits ? new ActionScale(limits) : null;
    }

    /// <summary>Whether actions are choices.</summary>
    public bool AreChoices => _scale is null;

    /// <summary>Numbers of an action as the world model reads it.</summary>
    public int Size { get; }

    /// <summary>Outputs of the actor: logits, or means and deviations.</summary>
    public int Outputs => AreChoices ? Size : 2 * Size;

    /// <summary>Random numbers that one draw takes.</summary>
    public int Noise => AreChoices ? 1 : Size;

    /// <summary>Random numbers for draws: uniform for choices, normal for numbers.</summary>
    public void Fill(Span<float> noise, ulong seed, RandomStream stream, ulong time)
    {
        if (AreChoices) CounterRandom.FillUniform(noise, seed, stream, time);
        else CounterRandom.FillNormal(noise, seed, stream, time);
    }

    /// <summary>Draws actions <c>[rows, Size]</c>, not clipped.</summary>
    /// <param name="outputs">Of the actor <c>[rows, Outputs]</c>.</param>
    /// <param name="noise"><c>[rows, Noise]</c>.</param>
    public Tensor Draw(Tensor outputs, Tensor noise)
    {
        using var scope = NewDisposeScope();
        if (AreChoices)
            return Categoricals.Sample(nn.functional.log_softmax(outputs, -1).unsqueeze(-2), noise).squeeze(-2).MoveToOuterDisposeScope();
        var (mean, deviation) = Normal(outputs);
        return (mean + (deviation * noise)).MoveToOuterDisposeScope();
    }

    /// <summary>The likeliest actions <c>[rows, Size]</c>.</summary>
    public Tensor Best(Tensor outputs)
    {
        using var scope = NewDisposeScope();
        return (AreChoices ? nn.functional.one_hot(outputs.argmax(-1), Size).to(outputs.dtype) : Normal(outputs).Mean).MoveToOuterDisposeScope();
    }

    /// <summary>As the world model and the environment take them.</summary>
    public Tensor Taken(Tensor actions) => AreChoices ? actions.alias() : actions.clamp(-1, 1);

    /// <summary>Log-probability <c>[…]</c> of actions <c>[…, Size]</c> as drawn, and entropy <c>[…]</c>.</summary>
    public (Tensor LogProbability, Tensor Entropy) Weigh(Tensor outputs, Tensor actions)
    {
        using var scope = NewDisposeScope();
        if (AreChoices)
        {
            var logs = nn.functional.log_softmax(outputs, -1);
            return ((logs * actions).sum(-1).MoveToOuterDisposeScope(), (-(logs.exp() * logs).sum(-1)).MoveToOuterDisposeScope());
        }
        var (mean, deviation) = Normal(outputs);
        var each = -0.5 * ((actions - mean) / deviation).pow(2) - deviation.log() - (0.5 * Math.Log(2 * Math.PI));
        var entropy = deviation.log() + (0.5 * Math.Log(2 * Math.PI * Math.E));
        return (each.sum(-1).MoveToOuterDisposeScope(), entropy.sum(-1).MoveToOuterDisposeScope());
    }

    /// <summary>Writes what is <see cref="Taken"/> into the environments' buffer.</summary>
    /// <param name="actions"><c>[N · Size]</c>, row after row.</param>
    /// <param name="environments">N of them.</param>
    public void Send(ReadOnlySpan<float> actions, BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        if (_scale is not null)
        {
            _scale.Send(actions, environments);
            return;
        }
        var choices = environments.DiscreteActions;
        for (int lane = 0; lane < choices.Length; lane++) choices[lane] = actions.Slice(lane * Size, Size).IndexOf(1f);
    }

    private static (Tensor Mean, Tensor Deviation) Normal(Tensor outputs)
    {
        var parts = outputs.chunk(2, -1);
        // At an output of 0 the deviation is half-way.
        return (parts[0].tanh(), LeastDeviation + ((MostDeviation - LeastDeviation) * parts[1].sigmoid()));
    }
}
