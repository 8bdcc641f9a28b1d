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

    public string Evaluation => File("evaluation.json");

    /// <summary>The exported weights and normaliser.</summary>
    public string Weights => File("policy.safetensors");

    /// <summary>Whether a folder holds a run, finished or not.</summary>
    public static bool Exists(string path) => System.IO.File.Exists(ConfigurationOf(path));

    /// <summary>Makes the folder of a new run. Writing the configuration claims it, also against a run started at once.</summary>
    /// <exception cref="RunFolderException">The folder holds a run already, or other files.</exception>
    public static RunFolder Create(string path, RunConfiguration configuration)
    {
        if (Exists(path))
            throw new RunFolderException($"{path} holds a run already: resume it, or choose another folder.");
        if (System.IO.File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw new RunFolderException($"{path} is not an empty folder: choose another.");

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
