// The 16-bit float formats that imported weights come in, widened to float32 without loss.
// From: IEEE 754-2019 binary16; bfloat16 (Kalamkar et al. 2019, section 2).

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** The float32 value of binary16 bits. */
export function widenFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  // The exponent's bias goes from 15 to 127; all ones (infinity, NaN) stay all ones.
  bits[0] = ((half & 0x8000) << 16) | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
  return float[0]!;
}

/** The float32 value of bfloat16 bits. */
export function widenBfloat16(half: number): number {
  bits[0] = half << 16;
  return float[0]!;
}
