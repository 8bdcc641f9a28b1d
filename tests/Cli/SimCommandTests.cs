using NUnit.Framework;
using Sim.Cli;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Environments.Configuration;
using Sim.Physics.Benchmarks;

namespace Sim.Tests.Cli;

public sealed class SimCommandTests
{
    private sealed record Answer(string Environment, double ReturnMean, double[] ReturnCi95, double? SuccessRate);

    [Test]
    public void Every_option_of_train_reaches_the_request()
    {
        var request = Train("train cartpole --agent sac --preset published --seed 7 --envs 64 --threads 2 --device cuda:1 --steps 1.5M --set a=1 b=-2 --set c=x --out runs/x");
        Assert.That((request.Environment, request.Agent, request.Device, request.Out), Is.EqualTo(("cartpole", "sac", "cuda:1", "runs/x")));
        Assert.That(request.Preset, Is.EqualTo("published"));
        Assert.That((request.Environments, request.Threads, request.Steps), Is.EqualTo(((int?)64, (int?)2, (long?)1_500_000)));
        Assert.That(request.Seeds, Is.EqualTo(new[] { 7 }));
        Assert.That(request.Set, Is.EqualTo(new[] { "a=1", "b=-2", "c=x" }));
    }

    [Test]
    public void Without_options_the_agent_chooses()
    {
        var request = Train("train cartpole");
        Assert.That(request.Seeds, Is.EqualTo(new[] { 1 }));
        Assert.That((request.Agent, request.Environments, request.Steps, request.Device), Is.EqualTo(((string?)null, (int?)null, (long?)null, (string?)null)));
        Assert.That(request.Set, Is.Empty);
    }

    [TestCase("5_000", 5000)]
    [TestCase("2e6", 2_000_000)]
    [TestCase("300k", 300_000)]
    [TestCase("0.25M", 250_000)]
    public void Steps_may_be_written_short(string text, long steps)
        => Assert.That(Train($"train cartpole --steps {text}").Steps, Is.EqualTo(steps));

    [Test]
    public void A_resumed_run_may_be_longer_and_needs_no_environment()
    {
        var request = Train("train --resume runs/a --steps 9M --threads 4");
        Assert.That((request.Environment, request.Resume, request.Steps), Is.EqualTo(((string?)null, "runs/a", (long?)9_000_000)));
    }

    [TestCase("", "'sim' needs a command: list, info, train")]
    [TestCase("trian cartpole", "no command 'trian'; the nearest is 'train'")]
    [TestCase("train", "needs <environment>")]
    [TestCase("train cartpole --stpes 5", "'sim train' has no option '--stpes'; the nearest is '--steps'")]
    [TestCase("train cartpole --steps abc", "--steps abc is not valid: expected a whole number, at least 1")]
    [TestCase("train cartpole --steps 1.5", "--steps 1.5 is not valid")]
    [TestCase("train cartpole --steps 1e30G", "--steps 1e30G is not valid")]
    [TestCase("train cartpole --envs 0", "--envs 0 is not valid: expected a whole number, 1 to 1048576")]
    [TestCase("train cartpole --seed -1", "--seed -1 is not valid: expected a whole number, at least 0")]
    [TestCase("train cartpole --seed", "--seed needs a value")]
    [TestCase("train cartpole --agent pop", "expected ppo, sac, td3, ddpg, bc, dqn, drama; the nearest is 'ppo'")]
    [TestCase("train cartpole --device gpu", "expected cpu, cuda or cuda:N")]
    [TestCase("train cartpole --seeds 4-0", "write 0-4")]
    [TestCase("train cartpole --seed 1 --seeds 0-4", "exclude each other")]
    [TestCase("train cartpole pendulum", "takes no further argument 'pendulum'")]
    [TestCase("train --resume runs/a --agent sac", "--agent cannot change in a resumed run")]
    [TestCase("bench stesp cartpole", "the nearest is 'steps'")]
    [TestCase("bench physics", "needs <scene>")]
    [TestCase("bench physics rope --envs 0", "--envs 0 is not valid: expected a whole number, 1 to 1048576")]
    [TestCase("bench physics rope --substeps 2000", "--substeps 2000 is not valid: expected a whole number, 1 to 1024")]
    [TestCase("bench physics rope --engine bepp", "--engine bepp is not valid: expected batched, bepu; the nearest is 'bepu'")]
    [TestCase("evaluate runs/a --episodes 0", "expected a whole number, 1 to 1000000")]
    [TestCase("evaluate", "'sim evaluate' needs <run>")]
    public void A_wrong_command_line_exits_with_2_and_a_sentence(string line, string message)
    {
        var (code, output, error) = Run(line, Actions());
        Assert.That(code, Is.EqualTo(2));
        Assert.That(output, Is.Empty);
        Assert.That(error, Does.StartWith("sim: ").And.Contains(message));
    }

    [Test]
    public void Bad_input_found_by_an_action_exits_with_2_and_a_failure_with_1()
    {
        Assert.That(Run("list", Actions(list: (_, _) => throw new SettingsException("no."))), Is.EqualTo((2, "", "sim: no.\n")));
        Assert.That(Run("list", Actions(list: (_, _) => throw new IOException("disk full."))), Is.EqualTo((1, "", "sim: disk full.\n")));
    }

    [TestCase("--help")]
    [TestCase("list --help")]
    [TestCase("info --help")]
    [TestCase("train --help")]
    [TestCase("evaluate --help")]
    [TestCase("bench steps --help")]
    [TestCase("bench physics --help")]
    [TestCase("bench mixers --help")]
    [TestCase("export --help")]
    public void Help_shows_examples_that_parse(string line)
    {
        var (code, output, _) = Run(line, Actions());
        Assert.That(code, Is.Zero);

        string[] examples = [.. output.Split("Examples:\n")[1].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        Assert.That(examples, Is.Not.Empty);
        foreach (string example in examples)
            Assert.That(Run(example["sim ".Length..], Actions()).Code, Is.Zero, example);
    }

    [Test]
    public void With_json_the_result_alone_is_on_standard_output()
    {
        CommandAction<ListRequest> list = (_, output) =>
        {
            output.Line("for people");
            output.Result(new Answer("pendulum", -150.5, [-160, -141], null));
            return 0;
        };
        Assert.That(Run("list --json", Actions(list)), Is.EqualTo(
            (0, "{\"environment\":\"pendulum\",\"return_mean\":-150.5,\"return_ci95\":[-160,-141],\"success_rate\":null}\n", "for people\n")));
        Assert.That(Run("list", Actions(list)), Is.EqualTo((0, "for people\n", "")));
    }

    [Test]
    public void Several_results_are_a_line_each_in_their_order()
    {
        CommandAction<ListRequest> list = (_, output) =>
        {
            output.Results([new Answer("a", 1, [], null), new Answer("b", 2, [], null)]);
            return 0;
        };
        Assert.That(Run("list --json", Actions(list)).Output.Split('\n')[1], Does.StartWith("{\"environment\":\"b\""));
        Assert.That(Run("list", Actions(list)), Is.EqualTo((0, "", "")));
    }

    [Test]
    public void Every_option_of_bench_physics_reaches_the_request()
    {
        BenchPhysicsRequest? seen = null;
        var actions = Actions() with
        {
            BenchPhysics = (request, _) =>
            {
                seen = request;
                return 0;
            },
        };
        Assert.That(Run("bench physics rope --envs 1k --threads 2 --substeps 4 --engine bepu", actions).Code, Is.Zero);
        Assert.That(seen, Is.EqualTo(new BenchPhysicsRequest("rope", 1000, 2, 4, "bepu")));
        Assert.That(Run("bench physics surgical", actions).Code, Is.Zero);
        Assert.That(seen, Is.EqualTo(new BenchPhysicsRequest("surgical", null, null, null, null)));
    }

    [Test]
    public void An_unstable_scene_ends_with_1()
        => Assert.That(Run("bench physics rope", Actions() with { BenchPhysics = (_, _) => throw new UnstableSceneException("lost.") }), Is.EqualTo((1, "", "sim: lost.\n")));

    [Test]
    public void The_cost_of_physics_has_these_keys()
    {
        var actions = Actions() with
        {
            BenchPhysics = (_, output) =>
            {
                output.Results([new PhysicsCost("rope", "batched", 512, 1, 8, 1e4, 2048) { EnvStepsPerSecond = 9e3 }]);
                return 0;
            },
        };
        Assert.That(Run("bench physics rope --json", actions).Output, Is.EqualTo(
            "{\"scene\":\"rope\",\"engine\":\"batched\",\"environments\":512,\"threads\":1,\"substeps\":8,\"env_steps_per_cpu_second\":10000,\"bytes_per_environment\":2048}\n"));
    }

    private static TrainRequest Train(string line)
    {
        TrainRequest? seen = null;
        var (code, _, error) = Run(line, Actions() with
        {
            Train = (request, _) =>
            {
                seen = request;
                return 0;
            },
        });
        Assert.That(code, Is.Zero, error);
        return seen!;
    }

    /// <summary>Every command accepts what it is asked for, without doing it.</summary>
    private static CommandActions Actions(CommandAction<ListRequest>? list = null)
    {
        var all = (CommandActions)Accepting(typeof(CommandActions));
        return list is null ? all : all with { List = list };
    }

    /// <summary>A record of actions, or an action, that accepts.</summary>
    private static object Accepting(Type type)
    {
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            var accept = new Func<object, CommandOutput, int>(Accept).Method.GetGenericMethodDefinition();
            return accept.MakeGenericMethod(type.GenericTypeArguments[0]).CreateDelegate(type);
        }
        var constructor = type.GetConstructors().Single(candidate => candidate.GetParameters().Length > 1);
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Accepting(parameter.ParameterType))]);
    }

    private static int Accept<TRequest>(TRequest request, CommandOutput output) => 0;

    private static (int Code, string Output, string Error) Run(string line, CommandActions actions)
    {
        using StringWriter output = new(), error = new();
        int code = SimCommand.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error, actions);
        return (code, output.ToString(), error.ToString());
    }
}
