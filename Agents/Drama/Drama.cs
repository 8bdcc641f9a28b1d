using Sim.Agents.Metrics;
using Sim.Agents.Networks.Torch;
using Sim.Agents.Torch;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Physics.Numerics;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>
/// Drama (Wang et al., "Drama: Mamba-Enabled Model-Based Reinforcement Learning Is Sample and Parameter Efficient", ICLR 2025): steps the environments, and after
/// every few steps teaches the world model by windows of what happened, and actor and critic by what the model imagines.
/// </summary>
public sealed class Drama : Learner
{
    private readonly DramaSettings _settings;
    private readonly Device _device;
    private readonly ObservationForm _form;
    private readonly ActionForm _actionForm;
    private readonly WorldModel _model;
    private readonly ActorCritic _agent;
    private readonly LaProp _modelOptimiser, _agentOptimiser;
    private readonly ReturnScale _scale;
    private readonly SequenceReplay _replay;
    private readonly Imagination _imagination;
    private readonly ActingMemory _memory;
    private readonly ObservationReader _reader;
    private readonly Inspection _inspection;
    private readonly int[] _modelStarts, _policyStarts;
    private readonly bool[] _first;
    private readonly float[] _actions;
    private Tensor? _measured;
    private ulong _time;
    private long _updates, _moves;

    /// <summary>Training in process: all else is as the settings say.</summary>
    public Drama(BatchEnvironment environments, DramaSettings settings, ulong seed = 1)
        : this(LearnerContext.Of(environments, settings, seed), settings)
    {
    }

    /// <exception cref="Sim.Environments.Configuration.SettingsException">Settings contradict each other.</exception>
    /// <exception cref="TorchUnavailableException">libtorch cannot be loaded.</exception>
    public Drama(LearnerContext context, DramaSettings settings)
        : base(context, settings)
    {
        int count = Environments.Count;
        settings.Check(count);
        TorchRuntime.EnsureLoaded();
        _settings = settings;
        _device = device(context.Device);
        _form = new ObservationForm(Environments.Spec);
        _actionForm = new ActionForm(Environments.Spec.Action);
        (_model, _agent) = DramaPolicy.Networks(_form, _actionForm, settings, context.Seed, _device);
        _modelOptimiser = new LaProp(_model.parameters());
        _agentOptimiser = new LaProp(_agent.Learnt);
        _scale = new ReturnScale(_device);
        int capacity = (int)Math.Min(settings.ReplayCapacity, Math.Max(context.TotalSteps, 2L * count * Math.Max(settings.Window, settings.Context + 1))) / count;
        _replay = new SequenceReplay(_form, count, capacity, _actionForm.Size);
        _imagination = new Imagination(_model, settings, context.Seed, _device);
        _memory = new ActingMemory(_model, settings, count, _device);
        _reader = new ObservationReader(Environments, _form);
        _inspection = new Inspection(_model, _replay, settings, context.Seed, _device);
        _modelStarts = new int[settings.Batch];
        _policyStarts = new int[settings.ImaginedBatch];
        _first = new bool[count];
        _actions = new float[count * _actionForm.Size];
        Array.Fill(_first, true);
        Policy = new DramaPolicy(Environments.Spec, _form, _actionForm, _model, _agent, settings, _device, ownsNetworks: false);
    }

    public override string Algorithm => "drama";

    public override DramaPolicy Policy { get; }

    /// <summary>The world model, to look into.</summary>
    public WorldModel Model => _model;

    /// <summary>Actor and critic, to look into.</summary>
    public ActorCritic Agent => _agent;

    public override void Iterate()
    {
        for (int step = 0; step < _settings.StepsPerUpdate; step++) Move();
        if (!IsLearning) return;
        UpdateModel();
        UpdateAgent();
        _updates++;
    }

    public override void Report(ICollection<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        if (_measured is null) return;
        float[] numbers = CheckFinite();
        for (int i = 0; i < numbers.Length; i++) metrics.Add(new(DramaMetrics.Losses[i], numbers[i]));
        _inspection.Report(metrics, (ulong)_updates);
    }

    /// <summary>Writes a picture of what happened beside what the model made of it.</summary>
    public override void Illustrate(string folder)
    {
        if (_measured is not null) _inspection.Illustrate(folder, Steps, (ulong)_updates);
    }

    public override void Save(Checkpoint checkpoint)
    {
        if (_measured is not null) CheckFinite();
        base.Save(checkpoint);
        DramaPolicy.Save(_model, _agent, checkpoint);
        _modelOptimiser.Save(checkpoint, "model-optimiser");
        _agentOptimiser.Save(checkpoint, "agent-optimiser");
        _scale.Save(checkpoint, "return-scale");
        _replay.Save(checkpoint);
        float[][] memory = _memory.ToArrays();
        for (int i = 0; i < memory.Length; i++) checkpoint.Put<float>($"memory/{i}", memory[i]);
        checkpoint.Put<bool>("first", _first);
        checkpoint.Put<ulong>("time", [_time]);
        checkpoint.Put<long>("counts", [_updates, _moves]);
    }

    public override void Load(Checkpoint checkpoint)
    {
        base.Load(checkpoint);
        DramaPolicy.Load(_model, _agent, checkpoint);
        _modelOptimiser.Load(checkpoint, "model-optimiser");
        _agentOptimiser.Load(checkpoint, "agent-optimiser");
        _scale.Load(checkpoint, "return-scale");
        _replay.Load(checkpoint);
        try
        {
            _memory.Set([.. Enumerable.Range(0, _memory.ToArrays().Length).Select(i => checkpoint.Get<float>($"memory/{i}"))]);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"the checkpoint's memory does not fit: {error.Message}", error);
        }
        checkpoint.Get("first", _first);
        _time = checkpoint.Get<ulong>("time")[0];
        long[] counts = new long[2];
        checkpoint.Get<long>("counts", counts);
        (_updates, _moves) = (counts[0], counts[1]);
    }

    protected override void Dispose(bool disposing)
    {
        Policy.Dispose();
        _memory.Dispose();
        _measured?.Dispose();
        _scale.Dispose();
        _modelOptimiser.Dispose();
        _agentOptimiser.Dispose();
        _agent.Dispose();
        _model.Dispose();
    }

    /// <summary>Whether enough has happened to learn from.</summary>
    private bool IsLearning
        => Steps >= _settings.LearningStarts && _replay.WindowsOf(_settings.Window) >= _settings.Batch
            && _replay.WindowsOf(_settings.Context + 1) >= _settings.ImaginedBatch;

    /// <summary>One step of every environment, at random before there is anything to learn from.</summary>
    private void Move()
    {
        using var scope = NewDisposeScope();
        _model.eval();
        byte[] rows = _reader.Read();
        _replay.Observe(rows, _first);
        RefreshMemory();
        var states = _memory.See(_form.Read(rows, _device), tensor(_first).to(_device), LatentNoise(),
            _settings.ActOn == ActingLatents.Prior ? LatentNoise() : null);
        var actions = Steps < _settings.LearningStarts ? RandomActions() : _actionForm.Taken(Draw(states));
        _memory.Remember(actions);
        actions.cpu().data<float>().CopyTo(_actions);
        _actionForm.Send(_actions, Environments);
        Environments.Step();
        Episodes.Observe(Environments);
        _replay.Complete(_actions, Environments);
        for (int lane = 0; lane < _first.Length; lane++) _first[lane] = Environments.Terminated[lane] || Environments.Truncated[lane];
        Steps += Environments.Count;
        _moves++;
    }

    /// <summary>The memory was made by weights that have changed.</summary>
    private void RefreshMemory()
    {
        if (_settings.RefreshEvery == 0 || _moves % _settings.RefreshEvery != 0 || _updates == 0) return;
        int length = Math.Min(_settings.ActingContext, _replay.Count);
        _memory.Refresh(_replay.Latest(length, _device), _imagination.Uniform(ref _time, Environments.Count, length, _settings.Categoricals));
    }

    private Tensor LatentNoise() => _imagination.Uniform(ref _time, Environments.Count, _settings.Categoricals);

    private Tensor Draw(Tensor states)
    {
        using var withoutGraph = no_grad();
        return _actionForm.Draw(_agent.Act(states), _imagination.Noise(_actionForm, ref _time, Environments.Count));
    }

    private Tensor RandomActions()
    {
        float[] numbers = new float[Environments.Count * _actionForm.Noise];
        CounterRandom.FillUniform(numbers, Context.Seed, RandomStream.RandomAction, _time++);
        float[] actions = new float[_actions.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (_actionForm.AreChoices) actions[(i * _actionForm.Size) + Math.Min((int)(numbers[i] * _actionForm.Size), _actionForm.Size - 1)] = 1;
            else actions[i] = (2 * numbers[i]) - 1;
        }
        return tensor(actions, [Environments.Count, _actionForm.Size]).to(_device);
    }

    private void UpdateModel()
    {
        using var scope = NewDisposeScope();
        _model.train();
        _replay.DrawForModel(_modelStarts, _settings, Context.Seed, _time++);
        var windows = _replay.Read(_modelStarts, _settings.Window, _device);
        var losses = _model.Losses(windows, _imagination.Uniform(ref _time, _settings.Batch, _settings.Window, _settings.Categoricals));
        losses.Total.backward();
        var norm = _modelOptimiser.Step(Rate(_settings.ModelLearningRate, _modelOptimiser), _settings.ModelGradientNorm);
        Measure(0, losses.Reconstruction, losses.Reward, losses.End, losses.Dynamics, losses.Representation, norm);
    }

    private void UpdateAgent()
    {
        using var scope = NewDisposeScope();
        _model.eval();
        _replay.DrawForPolicy(_policyStarts, _settings, Context.Seed, _time++);
        var windows = _replay.Read(_policyStarts, _settings.Context + 1, _device);
        var start = _imagination.Begin(windows, _settings.Context, ref _time);
        var imagined = _imagination.Play(start, _agent, _settings.Horizon, ref _time);
        var losses = _agent.Losses(imagined, _scale);
        losses.Total.backward();
        var norm = _agentOptimiser.Step(Rate(_settings.AgentLearningRate, _agentOptimiser), _settings.AgentGradientNorm);
        _agent.BlendSlowCritic(_settings.SlowDecay);
        Measure(DramaMetrics.AgentLosses, losses.Policy, losses.Value, losses.Entropy, losses.Return, norm);
    }

    private double Rate(double rate, LaProp optimiser) => rate * Math.Min(1, (optimiser.Steps + 1.0) / _settings.RateWarmup);

    /// <summary>Keeps what the last update measured, on the device.</summary>
    private void Measure(int first, params Tensor[] numbers)
    {
        using var withoutGraph = no_grad();
        _measured ??= zeros([DramaMetrics.Losses.Count], ScalarType.Float32, _device).DetachFromDisposeScope();
        _measured.narrow(0, first, numbers.Length).copy_(stack([.. numbers.Select(number => number.detach().to(ScalarType.Float32))]));
    }

    private float[] CheckFinite()
    {
        using var scope = NewDisposeScope();
        float[] numbers = _measured!.cpu().data<float>().ToArray();
        int wrong = Array.FindIndex(numbers, number => !float.IsFinite(number));
        return wrong < 0 ? numbers
            : throw new NonFiniteException($"drama: after {Steps} steps and {_updates} updates {DramaMetrics.Losses[wrong]} is {numbers[wrong]}");
    }
}
