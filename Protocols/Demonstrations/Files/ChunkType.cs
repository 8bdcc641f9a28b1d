namespace Sim.Protocols.Demonstrations.Files;

/// <summary>What a chunk holds. Numbers are stable; a reader skips unknown ones unless <see cref="Critical"/> is set.</summary>
public enum ChunkType : ushort
{
    /// <summary>Environment, configuration and machine of the chunks that follow, up to the next of its kind.</summary>
    Session = 1,

    EpisodeBegin = 2,

    /// <summary>Actions, rewards, flags and times, in columns.</summary>
    Steps = 3,

    /// <summary>Hashes of lane states, and whole snapshots.</summary>
    State = 4,

    /// <summary>What a person did at the controls.</summary>
    Events = 5,

    /// <summary>Encoded frames; reserved.</summary>
    Image = 6,

    EpisodeEnd = 7,

    /// <summary>What somebody says about an episode.</summary>
    Label = 8,

    /// <summary>Hides an episode, or shows it again.</summary>
    Tombstone = 9,

    /// <summary>Where the chunks since the last index lie.</summary>
    Index = 10,

    /// <summary>Bit of types without which the file cannot be understood.</summary>
    Critical = 0x8000,
}

/// <summary>How the bytes of a chunk are stored. Numbers are stable.</summary>
public enum ChunkCodec : ushort
{
    None = 0,
    Zstd = 3,
}
