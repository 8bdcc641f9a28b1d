using System.Text.Json;
using NUnit.Framework;
using Sim.Cli;
using Sim.Cli.Commands;
using Sim.Protocols.Exchange;

namespace Sim.Tests.Cli;

/// <summary><c>sim demo export</c> and <c>sim demo import</c> from the shell's side.</summary>
public sealed class DemoExchangeTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Every_option_of_export_reaches_the_request()
    {
        var request = Export("demo export a.simdemo --to lerobot --out b --only success --obs replay --compress fast --dataset-id x/y-v1 --valid-ratio 0.25 --seed 9 --fps 30");
        Assert.That((request.File, request.Format, request.Out, request.Replay), Is.EqualTo(("a.simdemo", "lerobot", "b", true)));
        Assert.That(request.Options, Is.EqualTo(new ExportOptions
        {
            OnlySuccess = true,
            Compression = ExportCompression.Fast,
            DatasetId = "x/y-v1",
            ValidRatio = 0.25f,
            Seed = 9,
            FramesPerSecond = 30,
        }));
    }

    [Test]
    public void Without_options_an_export_is_the_librarys_default()
    {
        var request = Export("demo export a.simdemo --to minari --out b");
        Assert.That((request.Options, request.Replay), Is.EqualTo((new ExportOptions(), false)));
    }

    [TestCase("demo export a.simdemo --to minary --out b", "--to minary is not valid: expected minari, robomimic, lerobot; the nearest is 'minari'")]
    [TestCase("demo export a.simdemo --to minari --out b --valid-ratio 1", "--valid-ratio 1 is not valid: expected a number, 0 to below 1")]
    [TestCase("demo export a.simdemo --to minari --out b --valid-ratio nan", "--valid-ratio nan is not valid")]
    [TestCase("demo export a.simdemo --to minari --out b --only failures", "--only failures is not valid: expected all, success")]
    [TestCase("demo export a.simdemo --to minari --out b --fps 0", "--fps 0 is not valid: expected a whole number, 1 to 100000")]
    [TestCase("demo export a.simdemo --to minari", "--out")]
    [TestCase("demo import a --out b", "--from")]
    public void A_wrong_command_line_exits_with_2_and_a_sentence(string line, string message)
    {
        var (code, output, error) = Run(line, CommandActions.All);
        Assert.That((code, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith("sim: ").And.Contains(message));
    }

    [Test]
    public void A_recording_goes_out_and_comes_back([Values("minari", "robomimic", "lerobot")] string format)
    {
        Record("quadrotor-hover", 4);
        var exported = SimProcess.Result(_folder.Path, $"demo export a.simdemo --to {format} --out out");
        Assert.That(KeysOf(exported), Is.EqualTo(new[] { "path", "format", "environment", "episodes", "steps", "left_out" }));
        Assert.That((exported.GetProperty("format").GetString(), exported.GetProperty("environment").GetString(), exported.GetProperty("episodes").GetInt32()),
            Is.EqualTo((format, "quadrotor-hover", 4)));
        var imported = SimProcess.Result(_folder.Path, $"demo import out --from {format} --out b.simdemo");
        Assert.That(KeysOf(imported), Is.EqualTo(new[] { "file", "format", "environment", "episodes", "steps", "notes" }));
        Assert.That(imported.GetProperty("steps").GetInt64(), Is.EqualTo(exported.GetProperty("steps").GetInt64()));
        Assert.That(imported.GetProperty("notes").GetArrayLength(), Is.Zero);
        Assert.That(File.Exists(_folder.File("b.simdemo")), Is.True);
    }

    [Test]
    public void Bad_input_ends_with_2_and_writes_nothing()
    {
        Record("cartpole", 1);
        Refuse("demo export a.simdemo --to robomimic --out out", 2, "Discrete(2)");
        Refuse("demo export a.simdemo --to minari --out out --dataset-id none", 2, "'none' is no id of a Minari data set");
        Refuse("demo export a.simdemo --to minari --out out --only success", 2, "none of 1 episodes");
        Refuse("demo export a.simdemo --to minari --out a.simdemo", 2, "a.simdemo exists already");
        Refuse("demo export b.simdemo --to minari --out out", 2, "there is no file b.simdemo");
        Refuse("demo import nothing --from minari --out b.simdemo", 2, "there is no file or folder nothing");
        Refuse("demo import a.simdemo --from robomimic --out a.simdemo", 2, "a.simdemo exists already");
        Refuse("demo import a.simdemo --from robomimic --out b.simdemo", 1, "a.simdemo is no HDF5 file");
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName), Is.EqualTo(new[] { "a.simdemo" }));
    }

    private void Record(string environment, int episodes)
        => SimProcess.Result(_folder.Path, $"demo record {environment} --random --episodes {episodes} --seed 3 --out a.simdemo");

    private void Refuse(string arguments, int expected, string message)
    {
        var (code, output, error) = SimProcess.Run(_folder.Path, arguments);
        Assert.That((code, output), Is.EqualTo((expected, "")), error);
        Assert.That(error, Does.Contain(message));
    }

    private static DemoExportRequest Export(string line)
    {
        DemoExportRequest? seen = null;
        var (code, _, error) = Run(line, CommandActions.All with
        {
            Demo = CommandActions.All.Demo with
            {
                Export = (request, _) =>
                {
                    seen = request;
                    return 0;
                },
            },
        });
        Assert.That(code, Is.Zero, error);
        return seen!;
    }

    private static (int Code, string Output, string Error) Run(string line, CommandActions actions)
    {
        using StringWriter output = new(), error = new();
        int code = SimCommand.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error, actions);
        return (code, output.ToString(), error.ToString());
    }

    private static string[] KeysOf(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];
}
