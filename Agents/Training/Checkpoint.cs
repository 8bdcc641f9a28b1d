using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sim.Agents.Networks;
using Sim.Environments;

namespace Sim.Agents.Training;

/// <summary>
/// Named arrays in one file: a zip archive of little-endian numbers, so that a checkpoint can be looked into with
/// any tool, and every entry carries its checksum.
/// </summary>
public sealed class Checkpoint
{
    private readonly Dictionary<string, byte[]> _entries = [];

    /// <summary>Names of all entries.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    public void Put<T>(string name, ReadOnlySpan<T> values) where T : unmanaged => _entries[name] = MemoryMarshal.AsBytes(values).ToArray();

    /// <exception cref="InvalidDataException">There is no such entry, or it holds something else.</exception>
    public T[] Get<T>(string name) where T : unmanaged
    {
        byte[] bytes = _entries.TryGetValue(name, out byte[]? entry)
            ? entry
            : throw new InvalidDataException($"the checkpoint holds no '{name}'; it holds {string.Join(", ", _entries.Keys)}");
        int size = Marshal.SizeOf<T>();
        if (bytes.Length % size != 0) throw new InvalidDataException($"'{name}' in the checkpoint holds {bytes.Length} bytes, no multiple of {size}");
        return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
    }

    /// <exception cref="InvalidDataException">There is no such entry, or it is of another length than the target.</exception>
    public void Get<T>(string name, Span<T> target) where T : unmanaged
    {
        T[] values = Get<T>(name);
        if (values.Length != target.Length) throw new InvalidDataException($"'{name}' in the checkpoint holds {values.Length} values, not {target.Length}");
        values.CopyTo(target);
    }

    /// <summary>Truth values: any byte but zero is true, so that no foreign byte becomes one that is neither.</summary>
    /// <exception cref="InvalidDataException">There is no such entry, or it is of another length than the target.</exception>
    public void Get(string name, Span<bool> target)
    {
        byte[] bytes = new byte[target.Length];
        Get<byte>(name, bytes);
        for (int i = 0; i < bytes.Length; i++) target[i] = bytes[i] != 0;
    }

    public void PutNetwork(string name, INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var state = network.Save();
        Put<byte>($"{name}/shape.json", JsonSerializer.SerializeToUtf8Bytes(state.Shape));
        Put<float>($"{name}/parameters", state.Parameters);
        Put<float>($"{name}/first-moments", state.FirstMoments);
        Put<float>($"{name}/second-moments", state.SecondMoments);
        Put<long>($"{name}/steps", [state.Steps]);
    }

    /// <exception cref="InvalidDataException">The saved network has another shape.</exception>
    public void GetNetwork(string name, INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var state = GetNetworkState(name);
        try
        {
            network.Load(state);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"'{name}' in the checkpoint does not fit: {error.Message}", error);
        }
    }

    /// <summary>A saved network without a backend.</summary>
    public NetworkState GetNetworkState(string name)
    {
        var shape = JsonSerializer.Deserialize<MlpShape>(Get<byte>($"{name}/shape.json"))
            ?? throw new InvalidDataException($"'{name}/shape.json' in the checkpoint is empty");
        return new NetworkState(shape, Get<float>($"{name}/parameters"), Get<float>($"{name}/first-moments"),
            Get<float>($"{name}/second-moments"), Get<long>($"{name}/steps")[0]);
    }

    public void PutVector(string name, AdamVector vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        Put<float>($"{name}/values", vector.Values);
        Put<float>($"{name}/first-moments", vector.FirstMoments);
        Put<float>($"{name}/second-moments", vector.SecondMoments);
        Put<long>($"{name}/steps", [vector.Steps]);
    }

    public void GetVector(string name, AdamVector vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        Get($"{name}/values", vector.Values);
        Get($"{name}/first-moments", vector.FirstMoments);
        Get($"{name}/second-moments", vector.SecondMoments);
        vector.Steps = Get<long>($"{name}/steps")[0];
    }

    /// <summary>Every lane's snapshot.</summary>
    public void PutEnvironments(string name, BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        var first = environments.Snapshot(0);
        byte[] all = new byte[first.Data.Length * environments.Count];
        for (int lane = 0; lane < environments.Count; lane++)
            environments.Snapshot(lane).Data.Span.CopyTo(all.AsSpan(lane * first.Data.Length));
        Put<byte>($"{name}/lanes", all);
        Put<byte>($"{name}/id", System.Text.Encoding.UTF8.GetBytes(first.Environment));
    }

    /// <exception cref="InvalidDataException">The saved batch is of another environment or size.</exception>
    public void GetEnvironments(string name, BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        byte[] all = Get<byte>($"{name}/lanes");
        string id = System.Text.Encoding.UTF8.GetString(Get<byte>($"{name}/id"));
        environments.Reset();
        int size = environments.Snapshot(0).Data.Length;
        if (all.Length != size * environments.Count)
            throw new InvalidDataException($"the checkpoint holds {all.Length} bytes of {id}; {environments.Count} environments of {environments.Spec.Id} need {size * environments.Count}");
        for (int lane = 0; lane < environments.Count; lane++)
            environments.Restore(lane, new LaneSnapshot(id, all.AsMemory(lane * size, size)));
    }

    /// <summary>Whether there is an entry of that name.</summary>
    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>Writes the file in one move: an interrupted write leaves the old one whole.</summary>
    public void Write(string path)
    {
        string temporary = path + ".part";
        // What a process that was killed while writing has left.
        File.Delete(temporary);
        using (var archive = ZipFile.Open(temporary, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in _entries)
            {
                using var stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                stream.Write(bytes);
            }
        }
        File.Move(temporary, path, overwrite: true);
    }

    /// <exception cref="InvalidDataException">The file is damaged or no checkpoint.</exception>
    public static Checkpoint Read(string path)
    {
        var checkpoint = new Checkpoint();
        using var archive = ZipFile.OpenRead(path);
        foreach (var entry in archive.Entries)
        {
            using var stream = entry.Open();
            byte[] bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            checkpoint._entries[entry.FullName] = bytes;
        }
        return checkpoint;
    }
}
