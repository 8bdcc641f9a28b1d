using Sim.Agents.Networks;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Spaces;

namespace Sim.Agents.Policies;

/// <summary>
/// What acts after training: the actor network behind the run's observation statistics. It never changes the
/// statistics. Not for use by several threads at once.
/// </summary>
public sealed unsafe class Policy : IPolicy, IActor
{
    /// <summary>Most rows of one pass of a loaded network.</summary>
    private const int LoadedRows = 512;

    private readonly bool _ownsActor;
    private readonly ActionScale? _scale;
    private readonly int _actionWidth;
    private ActorInputs? _read;
    private MatrixBuffer? _inputs;

    /// <param name="spec">The environment it acts in.</param>
    /// <param name="actor">From <see cref="EnvironmentSpec.ActorBox"/> to head.</param>
    /// <param name="head">What the actor's outputs mean.</param>
    /// <param name="statistics">Observation statistics, or null when the actor takes raw observations.</param>
    /// <param name="ownsActor">Whether to dispose the actor with the policy.</param>
    public Policy(EnvironmentSpec spec, INetwork actor, PolicyHead head, RunningMoments? statistics, bool ownsActor = false)
    {
        ArgumentNullException.ThrowIfNull(spec);
        (Spec, Actor, Head, Statistics, _ownsActor) = (spec, actor, head, statistics, ownsActor);
        _scale = spec.Action is Box box ? new ActionScale(box) : null;
        _actionWidth = spec.Action.Size;
    }

    /// <summary>What a checkpoint's learner would act with, computed by fused code on the CPU. The caller disposes it.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or belongs to another environment.</exception>
    public static Policy Load(EnvironmentSpec spec, Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(checkpoint);
        var state = checkpoint.GetNetworkState("actor");
        if (state.Shape.Inputs != spec.ActorBox.Size)
            throw new InvalidDataException($"the checkpoint's policy reads {state.Shape.Inputs} numbers; {spec.Id} observes {spec.ActorBox.Size}");
        RunningMoments? statistics = null;
        if (checkpoint.Has("observation-statistics"))
        {
            statistics = new RunningMoments(state.Shape.Inputs);
            statistics.Load(checkpoint.Get<double>("observation-statistics"));
        }
        var actor = NetworkFactory.Create(state.Shape, state.Parameters, new AdamSettings(), LoadedRows, NetworkBackend.Fused);
        return new Policy(spec, actor, (PolicyHead)checkpoint.Get<int>("policy-head")[0], statistics, ownsActor: true);
    }

    public EnvironmentSpec Spec { get; }

    public INetwork Actor { get; }

    public PolicyHead Head { get; }

    public RunningMoments? Statistics { get; }

    /// <summary>An actor of this policy. There is nothing to remember, so all actors are one.</summary>
    public IActor ActIn(BatchEnvironment environments) => new Borrowed(this);

    /// <summary>Reads the observations of every environment and writes its best action.</summary>
    public void Act(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        if (_read?.Environments != environments) _read = new ActorInputs(environments);
        var inputs = _read.Read().Floats;
        if (_scale is null) Act(inputs, environments.Count, environments.DiscreteActions);
        else Act(inputs, environments.Count, environments.Actions);
    }

    /// <summary>The best action of every row, in a <see cref="Box"/> action space. Allocates nothing once it has seen as many rows.</summary>
    /// <param name="observations">What <see cref="ActorInputs"/> reads <c>[rows, size]</c>, not normalised.</param>
    /// <param name="rows">How many; 0 or more.</param>
    /// <param name="actions">Where the actions go <c>[rows, size]</c>, in the space's units and within its limits.</param>
    /// <exception cref="ArgumentException">A span is of another length.</exception>
    /// <exception cref="InvalidOperationException">The environment takes choices.</exception>
    public void Act(ReadOnlySpan<float> observations, int rows, Span<float> actions)
    {
        if (_scale is null) throw new InvalidOperationException($"{Spec.Id} takes choices, {Spec.Action}: ask for int, not float");
        int width = _actionWidth;
        CheckLengths(observations.Length, rows, actions.Length, width);
        for (int start = 0; start < rows; start += Actor.MaxRows)
        {
            var outputs = Forward(observations, start, Math.Min(Actor.MaxRows, rows - start));
            for (int row = 0; row < outputs.Rows; row++) Decide(outputs.Row(row), actions.Slice((start + row) * width, width));
        }
        _scale.Apply(actions, actions);
    }

    /// <summary>The best choice of every row, in a <see cref="Discrete"/> action space. Allocates nothing once it has seen as many rows.</summary>
    /// <param name="observations">What <see cref="ActorInputs"/> reads <c>[rows, size]</c>, not normalised.</param>
    /// <param name="rows">How many; 0 or more.</param>
    /// <param name="choices">Where the choices go <c>[rows]</c>.</param>
    /// <exception cref="ArgumentException">A span is of another length.</exception>
    /// <exception cref="InvalidOperationException">The environment takes a box of numbers.</exception>
    public void Act(ReadOnlySpan<float> observations, int rows, Span<int> choices)
    {
        if (_scale is not null) throw new InvalidOperationException($"{Spec.Id} takes numbers, {Spec.Action}: ask for float, not int");
        CheckLengths(observations.Length, rows, choices.Length, 1);
        for (int start = 0; start < rows; start += Actor.MaxRows)
        {
            var outputs = Forward(observations, start, Math.Min(Actor.MaxRows, rows - start));
            for (int row = 0; row < outputs.Rows; row++) choices[start + row] = Best(outputs.Row(row));
        }
    }

    public void Dispose()
    {
        _inputs?.Dispose();
        if (_ownsActor) Actor.Dispose();
    }

    private void CheckLengths(int observations, int rows, int actions, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (observations != (long)rows * Actor.Shape.Inputs)
            throw new ArgumentException($"{rows} rows of {Spec.Id} are {(long)rows * Actor.Shape.Inputs} observed numbers, not {observations}");
        if (actions != (long)rows * width)
            throw new ArgumentException($"{rows} rows of {Spec.Id} take {(long)rows * width} numbers of action, not {actions}");
    }

    /// <summary>The actor's outputs for some of the rows; a view that the next call overwrites.</summary>
    private Matrix Forward(ReadOnlySpan<float> observations, int start, int rows)
    {
        int width = Actor.Shape.Inputs;
        if (_inputs is null || _inputs.Matrix.Rows < rows)
        {
            _inputs?.Dispose();
            _inputs = new MatrixBuffer(rows, width);
        }
        var inputs = _inputs.First(rows);
        fixed (float* data = observations)
        {
            var source = new Matrix(data + ((nint)start * width), rows, width, width);
            if (Statistics is null) source.CopyTo(inputs);
            else Statistics.Normalise(source, inputs);
        }
        return Actor.Forward(inputs);
    }

    private void Decide(ReadOnlySpan<float> outputs, Span<float> action)
    {
        for (int i = 0; i < action.Length; i++) action[i] = Head == PolicyHead.Gaussian ? outputs[i] : MathF.Tanh(outputs[i]);
    }

    /// <summary>An actor that stays its owner's.</summary>
    private sealed class Borrowed(IActor actor) : IActor
    {
        public void Act(BatchEnvironment environments) => actor.Act(environments);

        public void Dispose()
        {
        }
    }

    /// <summary>The first of the largest values.</summary>
    internal static int Best(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best]) best = i;
        }
        return best;
    }
}
