using Sim.Agents.Mixers;
using Sim.Agents.Networks.Torch;
using Sim.Agents.Torch;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>Actor, critic and slow critic over the states of a world model.</summary>
public sealed class ActorCritic : nn.Module
{
    private readonly DramaSettings _settings;
    private readonly DenseStack _actor, _critic, _slowCritic;
    private readonly Standardiser _standardiser;

    /// <param name="stateSize">Numbers of a state.</param>
    /// <param name="form">Of the actions.</param>
    /// <param name="settings">Sizes and weights.</param>
    /// <param name="seed">Of the initial parameters.</param>
    public ActorCritic(int stateSize, ActionForm form, DramaSettings settings, ulong seed)
        : base(TorchRuntime.Before("actor_critic"))
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(settings);
        (Form, _settings) = (form, settings);
        var draws = new WeightDraws(seed, ScalarType.Float32);
        _actor = new DenseStack(stateSize, settings.Hidden, form.Outputs, draws, WeightStart.Orthogonal, WeightStart.NearZero);
        _critic = new DenseStack(stateSize, settings.CriticHidden, TwoHot.Bins, draws, WeightStart.Orthogonal, WeightStart.NearZero);
        _slowCritic = new DenseStack(stateSize, settings.CriticHidden, TwoHot.Bins, draws, WeightStart.Orthogonal, WeightStart.NearZero);
        _standardiser = new Standardiser(stateSize);
        register_module("actor", _actor);
        register_module("critic", _critic);
        register_module("slow_critic", _slowCritic);
        register_module("standardiser", _standardiser);
        BlendSlowCritic(0);
    }

    /// <summary>Of the actions.</summary>
    public ActionForm Form { get; }

    /// <summary>What gradients are for: actor and critic.</summary>
    public IEnumerable<TorchSharp.Modules.Parameter> Learnt => _actor.parameters().Concat(_critic.parameters());

    /// <summary>Parameters of the actor and of the critic.</summary>
    public (long Actor, long Critic) ParameterCounts => (_actor.parameters().Sum(parameter => parameter.numel()), _critic.parameters().Sum(parameter => parameter.numel()));

    /// <summary>Outputs <c>[…, outputs]</c> of the actor for states <c>[…, state]</c>, by the statistics as they stand.</summary>
    public Tensor Act(Tensor states)
    {
        using var scope = NewDisposeScope();
        return _actor.call(_standardiser.call(states)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// What actor and critic get wrong about imagined episodes, with the graph: policy gradient with returns less values over the spread of returns,
    /// the price of entropy, and two-hot cross-entropies of the values with the returns, and with those of the slow critic.
    /// </summary>
    /// <param name="imagined">What was imagined; no gradient goes into it.</param>
    /// <param name="scale">Takes the returns in, and gives their spread.</param>
    public AgentLosses Losses(ImaginedEpisodes imagined, ReturnScale scale)
    {
        ArgumentNullException.ThrowIfNull(imagined);
        ArgumentNullException.ThrowIfNull(scale);
        using var scope = NewDisposeScope();
        long horizon = imagined.Rewards.shape[1];
        _standardiser.Update(imagined.States.flatten(0, 1));
        var acted = imagined.States.narrow(1, 0, horizon);
        var valueLogits = _critic.call(imagined.States);
        var values = TwoHot.Decode(valueLogits.detach());
        Tensor returns, slowReturns, slowLogits;
        using (no_grad())
        {
            slowLogits = _slowCritic.call(imagined.States);
            returns = Returns(imagined, values);
            slowReturns = Returns(imagined, TwoHot.Decode(slowLogits));
        }
        // Steps after an imagined end have not happened.
        var weights = _settings.ReferenceQuirks ? ones_like(imagined.Ends) : Alive(imagined.Ends);
        var (logProbability, entropy) = Form.Weigh(Act(acted), imagined.Actions);
        var advantages = (returns - values.narrow(1, 0, horizon)) / scale.Update(returns);
        var policy = -(weights * logProbability * advantages).mean();
        var meanEntropy = (weights * entropy).mean();
        var logits = valueLogits.narrow(1, 0, horizon);
        var value = (weights * (TwoHot.CrossEntropy(logits, returns) + TwoHot.CrossEntropy(logits, slowReturns))).mean();
        var total = policy - (_settings.Entropy * meanEntropy) + value;
        return new(Out(total), Out(policy), Out(value), Out(meanEntropy), Out(returns.mean()));

        static Tensor Out(Tensor number) => number.MoveToOuterDisposeScope();
    }

    /// <summary>slow ← decay · slow + (1 − decay) · critic.</summary>
    public void BlendSlowCritic(double decay)
    {
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        foreach (var (slow, quick) in _slowCritic.parameters().Zip(_critic.parameters())) slow.mul_(decay).add_(quick, alpha: 1 - decay);
    }

    private Tensor Returns(ImaginedEpisodes imagined, Tensor values)
        => LambdaReturns.Of(imagined.Rewards, imagined.Ends, values, _settings.Gamma, _settings.Lambda, _settings.ReferenceQuirks);

    /// <summary>1 up to and with the step that ends an episode, 0 after it.</summary>
    private static Tensor Alive(Tensor ends)
    {
        using var scope = NewDisposeScope();
        var before = ends.cumsum(1) - ends;
        return before.eq(0).to(ends.dtype).MoveToOuterDisposeScope();
    }
}

/// <summary>What actor and critic get wrong, each a number on the device; <paramref name="Total"/> is what is learnt from.</summary>
public sealed record AgentLosses(Tensor Total, Tensor Policy, Tensor Value, Tensor Entropy, Tensor Return);

/// <summary>Episodes that a world model imagined, on the device.</summary>
/// <param name="States">Latents and memory <c>[rows, H + 1, state]</c>.</param>
/// <param name="Actions">As drawn <c>[rows, H, actions]</c>.</param>
/// <param name="Rewards">Of each step <c>[rows, H]</c>.</param>
/// <param name="Ends">1 where a step ends the episode <c>[rows, H]</c>.</param>
public sealed record ImaginedEpisodes(Tensor States, Tensor Actions, Tensor Rewards, Tensor Ends);
