using Sim.Agents.Evaluation;
using Sim.Agents.Policies;
using Sim.Agents.Training;
using Sim.Environments.Configuration;

namespace Sim.Agents.Runs;

/// <summary>
/// The folder of one training run: configuration, metrics, TensorBoard events, checkpoint, picture and evaluation.
/// </summary>
public sealed class RunFolder
{
    private RunFolder(string path, RunConfiguration configuration)
    {
        Path = path;
        Configuration = configuration;
    }

    /// <summary>The folder as it was given, so that messages show what was typed.</summary>
    public string Path { get; }

    public RunConfiguration Configuration { get; }

    public string Metrics => File("metrics.jsonl");

    public string Checkpoint => File("checkpoint");

    public string LearningCurve => File("learning-curve.png");

    /// <summary>Where algorithms that have something to show write pictures.</summary>
    public string Pictures => File("pictures");

    public string Evaluation => File("evaluation.json");

    /// <summary>The exported weights and normaliser.</summary>
    public string Weights => File("policy.safetensors");

    /// <summary>Whether a folder holds a run, finished or not.</summary>
    public static bool Exists(string path) => System.IO.File.Exists(ConfigurationOf(path));

    /// <exception cref="RunFolderException">The folder holds a run already, or other files.</exception>
    public static void RequireFree(string path)
    {
        if (Exists(path))
            throw new RunFolderException($"{path} holds a run already: go on with it by --resume {path}, or keep the new one elsewhere, by --out {Free(path)}.");
        if (!IsFree(path))
            throw new RunFolderException($"{path} is not an empty folder: choose another, such as {Free(path)}.");
    }

    /// <summary>Makes the folder of a new run. Writing the configuration claims it, also against a run started at once.</summary>
    /// <exception cref="RunFolderException">The folder holds a run already, or other files.</exception>
    public static RunFolder Create(string path, RunConfiguration configuration)
    {
        RequireFree(path);
        Directory.CreateDirectory(path);
        using (var file = new FileStream(ConfigurationOf(path), FileMode.CreateNew, FileAccess.Write))
        using (var writer = new StreamWriter(file))
            writer.WriteLine(SettingsJson.Write(configuration));
        return new RunFolder(path, configuration);
    }

    /// <exception cref="RunFolderException">The folder holds no run, or its configuration cannot be read.</exception>
    public static RunFolder Open(string path)
    {
        if (!Exists(path))
            throw new RunFolderException($"{path} holds no run{Nearest(path)}.");
        try
        {
            return new RunFolder(path, SettingsJson.Read<RunConfiguration>(System.IO.File.ReadAllText(ConfigurationOf(path))));
        }
        catch (SettingsException error)
        {
            throw new RunFolderException($"{ConfigurationOf(path)} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Makes the configuration of this run another, such as one of more steps.</summary>
    public RunFolder Reconfigure(RunConfiguration configuration)
    {
        string partial = ConfigurationOf(Path) + ".partial";
        System.IO.File.WriteAllText(partial, SettingsJson.Write(configuration) + "\n");
        System.IO.File.Move(partial, ConfigurationOf(Path), overwrite: true);
        return new RunFolder(Path, configuration);
    }

    /// <summary>Environment steps that the checkpoint has behind it; 0 where there is none.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    public long StepsDone => System.IO.File.Exists(Checkpoint) ? ReadCheckpoint().Get<long>("steps")[0] : 0;

    /// <summary>The trained policy, on the CPU. The caller disposes it.</summary>
    /// <exception cref="RunFolderException">There is no checkpoint yet.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or of another environment.</exception>
    public IPolicy LoadPolicy()
        => Algorithms.Find(Configuration.Agent).LoadPolicy(
            Configuration.FindEnvironment().Describe(Configuration.ReadEnvironmentSettings()), Configuration.ReadAgentSettings(), ReadCheckpoint());

    /// <summary>The trained policy where it is a perceptron that acts on what it observes now and no more.</summary>
    /// <inheritdoc cref="LoadPolicy"/>
    /// <exception cref="RunFolderException">There is no checkpoint yet, or the policy remembers what it saw.</exception>
    public Policy LoadPerceptron()
    {
        var policy = LoadPolicy();
        if (policy is Policy perceptron) return perceptron;
        policy.Dispose();
        throw new RunFolderException($"{Path} was trained by {Configuration.Agent}, whose policy remembers what it saw: only policies that act on the present observation alone can be exported or served.");
    }

    /// <inheritdoc cref="LoadPolicy"/>
    public Checkpoint ReadCheckpoint()
        => System.IO.File.Exists(Checkpoint)
            ? Training.Checkpoint.Read(Checkpoint)
            : throw new RunFolderException($"{Path} holds no checkpoint yet: begin anew by --resume {Path}.");

    /// <summary>Keeps what the last evaluation found.</summary>
    public void WriteEvaluation(EvaluationResult evaluation)
        => System.IO.File.WriteAllText(Evaluation, SettingsJson.Write(EvaluationSummary.Of(evaluation, Configuration.Agent)) + "\n");

    private static bool IsFree(string path)
        => !System.IO.File.Exists(path) && !(Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any());

    private static string Free(string path)
    {
        string stem = System.IO.Path.TrimEndingDirectorySeparator(path);
        return Enumerable.Range(2, int.MaxValue - 2).Select(number => $"{stem}-{number}").First(IsFree);
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);

    private static string ConfigurationOf(string path) => System.IO.Path.Combine(path, "configuration.json");

    private static string Nearest(string path)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        string? parent = System.IO.Path.GetDirectoryName(full);
        if (!Directory.Exists(parent))
            return "";
        var runs = Directory.EnumerateDirectories(parent).Where(Exists).Select(run => System.IO.Path.GetFileName(run));
        return NearestName.Of(System.IO.Path.GetFileName(full), runs) is { } nearest ? $"; the nearest that does is '{nearest}'" : "";
    }
}
