using System.Text.Json;
using NUnit.Framework;
using Sim.Cli;
using Sim.Cli.Commands;

namespace Sim.Tests.Cli;

/// <summary><c>sim bench mixers</c>, in this process: it needs libtorch, which the tests of processes do without.</summary>
public sealed class BenchMixersCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Every_option_reaches_the_request()
    {
        BenchMixersRequest? seen = null;
        var (code, _, error) = Run("bench mixers --mixers mamba2,gru --tasks n-back,parity --seeds 2 --seconds 7.5 --out a.jsonl --show", CommandActions.All with
        {
            BenchMixers = (request, _) =>
            {
                seen = request;
                return 0;
            },
        });
        Assert.That(code, Is.Zero, error);
        Assert.That(seen!.Mixers, Is.EqualTo(new[] { "mamba2", "gru" }));
        Assert.That(seen.Tasks, Is.EqualTo(new[] { "n-back", "parity" }));
        Assert.That((seen.Seeds, seen.Seconds, seen.Out, seen.Show), Is.EqualTo(((int?)2, (float?)7.5f, "a.jsonl", true)));
    }

    [TestCase("--mixers gru,mamba3", "--mixers mamba3 is not valid: expected mamba2, mamba1, s4d,")]
    [TestCase("--mixers gru,", "is not valid: expected mamba2,")]
    [TestCase("--tasks party", "--tasks party is not valid: expected parity, mod-3, selective-copy, passkey, n-back; the nearest is 'parity'")]
    [TestCase("--show", "there is no file")]
    [TestCase("--seeds 0", "--seeds 0 is not valid: expected a whole number, 1 to 1000")]
    [TestCase("--seconds 0", "--seconds 0 is not valid: expected a number, 0.01 to 86400")]
    public void Bad_input_ends_with_2_and_a_sentence(string options, string message)
    {
        string file = _folder.File("a.jsonl");
        var (code, output, error) = Run($"bench mixers {options} --out {file}");
        Assert.That((code, output), Is.EqualTo((2, "")), error);
        Assert.That(error, Does.Contain(message));
        Assert.That(File.Exists(file), Is.False);
    }

    [Test]
    public void A_file_of_something_else_ends_with_1()
    {
        string file = _folder.File("a.jsonl");
        File.WriteAllText(file, "something else\n");
        var (code, _, error) = Run($"bench mixers --out {file}");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain("line 1"));
    }

    [Test]
    public void A_second_call_shows_what_the_first_has_done()
    {
        string line = $"bench mixers --mixers gru,aaren --tasks parity --seeds 1 --seconds 0.01 --json --out {_folder.File("a.jsonl")}";
        var first = Run(line);
        Assert.That(first.Code, Is.Zero, first.Error);
        Assert.That(first.Error, Does.Contain("2 runs").And.Contain("0 of them").And.Contain("gru on parity, seed 1").And.Contain("4 times it"));
        string[] answers = first.Output.TrimEnd().Split('\n');
        Assert.That(answers.Select(answer => JsonDocument.Parse(answer).RootElement.GetProperty("mixer").GetString()), Is.EqualTo(new[] { "gru", "aaren" }));
        var second = Run(line);
        Assert.That((second.Code, second.Output), Is.EqualTo((0, first.Output)), second.Error);
        Assert.That(second.Error, Does.Contain("2 of them").And.Not.Contain("seed 1"));
        var shown = Run(line.Replace("--seeds 1", "--show", StringComparison.Ordinal));
        Assert.That((shown.Code, shown.Output), Is.EqualTo((0, first.Output)), shown.Error);
        Assert.That(shown.Error, Does.Contain("4 times it").And.Not.Contain("runs of"));
    }

    private static (int Code, string Output, string Error) Run(string line, CommandActions? actions = null)
    {
        using StringWriter output = new(), error = new();
        int code = SimCommand.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error, actions ?? CommandActions.All);
        return (code, output.ToString(), error.ToString());
    }
}
