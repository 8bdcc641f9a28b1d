using System.Buffers.Binary;
using System.Text;

namespace Sim.Agents.Metrics;

/// <summary>
/// A protocol-buffers message under construction (protobuf.dev/programming-guides/encoding). Its buffer is reused
/// after <see cref="Clear"/>, so that a steady stream of records does not allocate.
/// </summary>
internal sealed class ProtobufMessage
{
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;

    private byte[] _bytes = new byte[256];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Integer(int field, long value)
    {
        Tag(field, Varint);
        AppendVarint((ulong)value);
    }

    public void Double(int field, double value)
    {
        Tag(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Grow(8), value);
    }

    public void Single(int field, float value)
    {
        Tag(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(Grow(4), value);
    }

    public void Text(int field, string value)
    {
        Tag(field, LengthDelimited);
        int length = Encoding.UTF8.GetByteCount(value);
        AppendVarint((ulong)length);
        Encoding.UTF8.GetBytes(value, Grow(length));
    }

    public void Message(int field, ProtobufMessage content)
    {
        Tag(field, LengthDelimited);
        AppendVarint((ulong)content._length);
        content.Bytes.CopyTo(Grow(content._length));
    }

    private void Tag(int field, int wireType) => AppendVarint((uint)((field << 3) | wireType));

    private void AppendVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Grow(1)[0] = (byte)(value | 0x80);
        Grow(1)[0] = (byte)value;
    }

    private Span<byte> Grow(int count)
    {
        if (_length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_length + count, 2 * _bytes.Length));
        var added = _bytes.AsSpan(_length, count);
        _length += count;
        return added;
    }
}
