using Sim.Agents.Networks.Torch;
using Sim.Agents.Policies;
using Sim.Agents.Torch;
using Sim.Agents.Training;
using Sim.Environments;
using TorchSharp;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>Acts by the likeliest action of the actor on what the world model makes of the episode so far.</summary>
public sealed class DramaPolicy : IPolicy
{
    private const ulong AgentSeed = 2ul << 32;

    private readonly ObservationForm _form;
    private readonly ActionForm _actionForm;
    private readonly WorldModel _model;
    private readonly ActorCritic _agent;
    private readonly DramaSettings _settings;
    private readonly Device _device;
    private readonly bool _ownsNetworks;

    internal DramaPolicy(EnvironmentSpec spec, ObservationForm form, ActionForm actionForm, WorldModel model, ActorCritic agent, DramaSettings settings, Device device, bool ownsNetworks)
    {
        Spec = spec;
        (_form, _actionForm, _model, _agent, _settings, _device, _ownsNetworks) = (form, actionForm, model, agent, settings, device, ownsNetworks);
    }

    public EnvironmentSpec Spec { get; }

    /// <summary>What a checkpoint's learner would act with, on the CPU.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or belongs to another environment.</exception>
    public static DramaPolicy Load(EnvironmentSpec spec, DramaSettings settings, Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(spec);
        TorchRuntime.EnsureLoaded();
        ObservationForm form = new(spec);
        ActionForm actionForm = new(spec.Action);
        var (model, agent) = Networks(form, actionForm, settings, 0, CPU);
        Load(model, agent, checkpoint);
        return new DramaPolicy(spec, form, actionForm, model, agent, settings, CPU, ownsNetworks: true);
    }

    /// <summary>New networks on a device.</summary>
    internal static (WorldModel Model, ActorCritic Agent) Networks(ObservationForm form, ActionForm actionForm, DramaSettings settings, ulong seed, Device device)
    {
        var model = new WorldModel(form, actionForm.Size, settings, seed);
        var agent = new ActorCritic(model.StateSize, actionForm, settings, seed + AgentSeed);
        if (device.type != DeviceType.CPU)
        {
            model.to(device);
            agent.to(device);
        }
        return (model, agent);
    }

    internal static void Save(WorldModel model, ActorCritic agent, Checkpoint checkpoint)
    {
        ModuleState.Save(model, checkpoint, "world-model");
        ModuleState.Save(agent, checkpoint, "actor-critic");
    }

    internal static void Load(WorldModel model, ActorCritic agent, Checkpoint checkpoint)
    {
        ModuleState.Load(model, checkpoint, "world-model");
        ModuleState.Load(agent, checkpoint, "actor-critic");
    }

    public IActor ActIn(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        return new Actor(this, environments);
    }

    public void Dispose()
    {
        if (!_ownsNetworks) return;
        _agent.Dispose();
        _model.Dispose();
    }

    /// <summary>Remembers the episodes of one batch. A lane whose episode is another than at the last call begins anew.</summary>
    private sealed class Actor : IActor
    {
        private readonly DramaPolicy _policy;
        private readonly BatchEnvironment _environments;
        private readonly ObservationReader _reader;
        private readonly ActingMemory _memory;
        private readonly Imagination _draws;
        private readonly EpisodeStart?[] _episodes;
        private readonly bool[] _first;
        private ulong _time;

        public Actor(DramaPolicy policy, BatchEnvironment environments)
        {
            (_policy, _environments) = (policy, environments);
            _reader = new ObservationReader(environments, policy._form);
            _memory = new ActingMemory(policy._model, policy._settings, environments.Count, policy._device);
            _draws = new Imagination(policy._model, policy._settings, 0, policy._device);
            _episodes = new EpisodeStart?[environments.Count];
            _first = new bool[environments.Count];
        }

        public void Act(BatchEnvironment environments)
        {
            if (environments != _environments) throw new ArgumentException($"this actor remembers the episodes of another batch of {_environments.Spec.Id}", nameof(environments));
            using var scope = NewDisposeScope();
            using var withoutGraph = no_grad();
            for (int lane = 0; lane < _first.Length; lane++)
            {
                var episode = environments.EpisodeOf(lane);
                _first[lane] = _episodes[lane] != episode;
                _episodes[lane] = episode;
            }
            _policy._model.eval();
            var settings = _policy._settings;
            var uniform = _draws.Uniform(ref _time, _first.Length, settings.Categoricals);
            var expected = settings.ActOn == ActingLatents.Prior ? _draws.Uniform(ref _time, _first.Length, settings.Categoricals) : null;
            var states = _memory.See(_policy._form.Read(_reader.Read(), _policy._device), tensor(_first).to(_policy._device), uniform, expected);
            var actions = _policy._actionForm.Best(_policy._agent.Act(states));
            _memory.Remember(actions);
            _policy._actionForm.Send(actions.cpu().data<float>().ToArray(), environments);
        }

        public void Dispose() => _memory.Dispose();
    }
}
