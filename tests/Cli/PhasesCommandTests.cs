using System.Text.Json;
using NUnit.Framework;
using Sim.Cli;
using Sim.Cli.Commands;

namespace Sim.Tests.Cli;

/// <summary><c>sim phases train</c>, in this process: it needs libtorch, which the tests of processes do without.</summary>
public sealed class PhasesCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Every_option_reaches_the_request()
    {
        PhasesTrainRequest? seen = null;
        var (code, _, error) = Run("phases train a.simdemo b.simdemo --epochs 7 --seed 9 --set hidden=32 batch=8", CommandActions.All with
        {
            PhasesTrain = (request, _) =>
            {
                seen = request;
                return 0;
            },
        });
        Assert.That(code, Is.Zero, error);
        Assert.That((seen!.Epochs, seen.Seed), Is.EqualTo(((int?)7, (ulong?)9)));
        Assert.That(seen.Files.Concat(seen.Set), Is.EqualTo(new[] { "a.simdemo", "b.simdemo", "hidden=32", "batch=8" }));
    }

    [Test]
    public void Phases_of_recorded_needle_picks_are_learnt()
    {
        string file = _folder.File("picks.simdemo");
        Assert.That(Run($"demo record surgical-needle-pick --expert --episodes 20 --envs 20 --out {file}").Code, Is.Zero);
        var (code, output, error) = Run($"phases train {file} --epochs 3 --seed 2 --json");
        Assert.That(code, Is.Zero, error);
        var report = JsonDocument.Parse(output).RootElement.GetProperty("report");
        Assert.That(report.GetProperty("environment").GetString(), Is.EqualTo("surgical-needle-pick"));
        Assert.That((report.GetProperty("training_episodes").GetInt32(), report.GetProperty("validation_episodes").GetInt32()), Is.EqualTo((18, 2)));
        Assert.That(report.GetProperty("moments").GetInt32(), Is.EqualTo(2 * 51));
        Assert.That(report.GetProperty("accuracy").GetDouble(), Is.GreaterThan(report.GetProperty("majority_accuracy").GetDouble()));
        Assert.That(error, Does.Contain("phase now:").And.Contain("phase next:"));
    }

    [Test]
    public void Bad_input_ends_with_2_and_a_sentence()
    {
        string file = _folder.File("a.simdemo");
        Assert.That(Run($"demo record cartpole --expert --episodes 2 --out {file}").Code, Is.Zero);
        Refuse($"phases train {file}", "cartpole do not tell a phase");
        Refuse($"phases train {_folder.File("b.simdemo")}", "there is no file");
        Refuse($"phases train {file} --set hiden=3", "the nearest is 'hidden'");
        Refuse($"phases train {file} --set validation_fraction=1", "out of range");
        Refuse($"phases train {file} --epochs 0", "expected a whole number, 1 to 100000");
    }

    private static void Refuse(string line, string message)
    {
        var (code, output, error) = Run(line);
        Assert.That((code, output), Is.EqualTo((2, "")), error);
        Assert.That(error, Does.Contain(message));
    }

    private static (int Code, string Output, string Error) Run(string line, CommandActions? actions = null)
    {
        using StringWriter output = new(), error = new();
        int code = SimCommand.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error, actions ?? CommandActions.All);
        return (code, output.ToString(), error.ToString());
    }
}
