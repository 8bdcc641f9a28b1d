using Sim.Agents.Networks;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Spaces;

namespace Sim.Agents.Policies;

/// <summary>
/// What acts after training: the actor network behind the run's observation statistics. It never changes the
/// statistics.
/// </summary>
public sealed unsafe class Policy : IActor
{
    /// <summary>Most rows of one pass of a loaded network.</summary>
    private const int LoadedRows = 512;

    private readonly bool _ownsActor;
    private readonly ActionScale? _scale;
    private MatrixBuffer? _inputs;
    private float[] _actions = [];

    /// <param name="spec">The environment it acts in.</param>
    /// <param name="actor">From observations to head.</param>
    /// <param name="head">What the actor's outputs mean.</param>
    /// <param name="statistics">Observation statistics, or null when the actor takes raw observations.</param>
    /// <param name="ownsActor">Whether to dispose the actor with the policy.</param>
    public Policy(EnvironmentSpec spec, INetwork actor, PolicyHead head, RunningMoments? statistics, bool ownsActor = false)
    {
        ArgumentNullException.ThrowIfNull(spec);
        (Spec, Actor, Head, Statistics, _ownsActor) = (spec, actor, head, statistics, ownsActor);
        _scale = spec.Action is Box box ? new ActionScale(box) : null;
    }

    /// <summary>What a checkpoint's learner would act with, computed by fused code on the CPU. The caller disposes it.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or belongs to another environment.</exception>
    public static Policy Load(EnvironmentSpec spec, Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(checkpoint);
        var state = checkpoint.GetNetworkState("actor");
        if (state.Shape.Inputs != spec.ObservationBox.Size)
            throw new InvalidDataException($"the checkpoint's policy reads {state.Shape.Inputs} numbers; {spec.Id} observes {spec.ObservationBox.Size}");
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

    /// <summary>Reads the observations of every environment and writes its best action.</summary>
    public void Act(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        int count = environments.Count, chunk = Math.Min(count, Actor.MaxRows);
        int width = environments.Spec.Action is Box box ? box.Size : 1;
        if (_inputs is null || _inputs.Matrix.Rows < chunk)
        {
            _inputs?.Dispose();
            _inputs = new MatrixBuffer(chunk, Actor.Shape.Inputs);
        }
        if (_actions.Length < count * width) _actions = new float[count * width];
        var observations = environments.Observations.AsMatrix();
        for (int start = 0; start < count; start += chunk)
        {
            int rows = Math.Min(chunk, count - start);
            var inputs = _inputs.First(rows);
            var source = observations.Slice(start, rows);
            if (Statistics is null) source.CopyTo(inputs);
            else Statistics.Normalise(source, inputs);
            var outputs = Actor.Forward(inputs);
            for (int row = 0; row < rows; row++) Decide(outputs.Row(row), _actions.AsSpan((start + row) * width, width));
        }
        if (_scale is not null)
        {
            _scale.Send(_actions, environments);
            return;
        }
        for (int i = 0; i < count; i++) environments.DiscreteActions[i] = (int)_actions[i];
    }

    public void Dispose()
    {
        _inputs?.Dispose();
        if (_ownsActor) Actor.Dispose();
    }

    private void Decide(ReadOnlySpan<float> outputs, Span<float> action)
    {
        if (Head == PolicyHead.Categorical)
        {
            int best = 0;
            for (int i = 1; i < outputs.Length; i++)
            {
                if (outputs[i] > outputs[best]) best = i;
            }
            action[0] = best;
            return;
        }
        for (int i = 0; i < action.Length; i++) action[i] = Head == PolicyHead.Gaussian ? outputs[i] : MathF.Tanh(outputs[i]);
    }
}
