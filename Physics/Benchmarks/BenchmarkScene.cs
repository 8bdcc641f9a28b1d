using Sim.Physics.Scenes;

namespace Sim.Physics.Benchmarks;

/// <summary>A scene to compare engines with, and what drives it. Described here once; every engine and every peer program gets it from here.</summary>
public abstract class BenchmarkScene
{
    private protected BenchmarkScene()
    {
    }

    /// <summary>All scenes.</summary>
    public static IReadOnlyList<BenchmarkScene> All { get; } = [new FreeBodyScene(), new RopeScene(), new SurgicalScene()];

    public abstract string Name { get; }

    /// <summary>Other names that mean this scene.</summary>
    public virtual IReadOnlyList<string> Aliases => [];

    /// <summary>One line.</summary>
    public abstract string Summary { get; }

    /// <summary>Environments to measure with unless asked otherwise.</summary>
    public abstract int Environments { get; }

    /// <summary>Substeps that it needs, unless asked otherwise.</summary>
    public abstract int Substeps { get; }

    /// <summary>Steps after which the drive begins again; a multiple of <see cref="PhaseSteps"/>.</summary>
    public abstract int Period { get; }

    /// <summary>
    /// Steps by which an environment's drive lags behind its neighbour's, so that at any time environments are in all
    /// parts of the period.
    /// </summary>
    public abstract int PhaseSteps { get; }

    /// <summary>Makes the scene.</summary>
    /// <param name="substeps">Times a step is solved, 1 to 1024.</param>
    /// <exception cref="SceneException">Substeps out of range.</exception>
    public abstract Scene Build(int substeps);

    /// <summary>What is set before each step, one track a driven body.</summary>
    public abstract IReadOnlyList<DriveTrack> Drive(Scene scene);

    /// <summary>The scene of that name or alias.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static BenchmarkScene Find(string name)
        => All.FirstOrDefault(scene => scene.Name == name || scene.Aliases.Contains(name))
            ?? throw new ArgumentException($"unknown scene '{name}'; known are {string.Join(", ", All.Select(scene => scene.Name))}");
}
