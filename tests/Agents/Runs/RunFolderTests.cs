using NUnit.Framework;
using Sim.Agents.Runs;
using Sim.Environments.Configuration;

namespace Sim.Tests.Agents.Runs;

public sealed class RunFolderTests
{
    private sealed record Settings(float Gravity);

    private static RunConfiguration Configuration => new()
    {
        Environment = "pendulum",
        Agent = "sac",
        Seed = 3,
        Environments = 16,
        Threads = 2,
        Device = "cpu",
        Steps = 100_000,
        EnvironmentSettings = SettingsJson.Element(new Settings(9.81f)),
        TrainingSettings = SettingsJson.Element(new Settings(9.81f)),
        AgentSettings = SettingsJson.Element(new Settings(0)),
    };

    [Test]
    public void A_run_reopens_with_its_configuration()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Create(folder.File("pendulum-3"), Configuration);
        var read = RunFolder.Open(folder.File("pendulum-3")).Configuration;

        Assert.That(SettingsJson.Write(read), Is.EqualTo(SettingsJson.Write(Configuration)));
        Assert.That(SettingsJson.Read<Settings>(read.EnvironmentSettings.GetRawText()), Is.EqualTo(new Settings(9.81f)));
    }

    [Test]
    public void A_second_run_in_the_same_folder_is_refused()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Create(folder.Path, Configuration);
        Assert.That(() => RunFolder.Create(folder.Path, Configuration with { Seed = 4 }),
            Throws.TypeOf<RunFolderException>().With.Message.Contains("holds a run already"));
        Assert.That(RunFolder.Open(folder.Path).Configuration.Seed, Is.EqualTo(3));
    }

    [Test]
    public void A_folder_with_other_files_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("thesis.txt"), "");
        Assert.That(() => RunFolder.Create(folder.Path, Configuration), Throws.TypeOf<RunFolderException>());
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_mistyped_folder_names_the_nearest_run()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Create(folder.File("pendulum-3"), Configuration);
        Assert.That(() => RunFolder.Open(folder.File("pendulm-3/")), Throws.TypeOf<RunFolderException>().With.Message.Contains("'pendulum-3'"));
        Assert.That(() => RunFolder.Open("nowhere/at/all"), Throws.TypeOf<RunFolderException>().With.Message.EqualTo("nowhere/at/all holds no run."));
    }

    [Test]
    public void A_broken_configuration_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("configuration.json"), "{}");
        Assert.That(() => RunFolder.Open(folder.Path), Throws.TypeOf<RunFolderException>().With.Message.Contains("configuration.json cannot be read"));
    }
}
