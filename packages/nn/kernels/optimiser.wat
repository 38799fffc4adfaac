;; Arithmetic of the optimisers, four numbers at a time. One pass over memory each; lengths are in bytes, multiples of 16.
(module
  (memory (import "host" "memory") 1)

  ;; Sum of squares of $length bytes of float32, in float64: pairs of lanes are added up apart, in a fixed order.
  (func (export "sumOfSquares") (param $from i32) (param $length i32) (result f64)
    (local $end i32) (local $x v128) (local $low v128) (local $high v128) (local $p v128)
    (local.set $end (i32.add (local.get $from) (local.get $length)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $x (v128.load (local.get $from)))
        (local.set $p (f64x2.promote_low_f32x4 (local.get $x)))
        (local.set $low (f64x2.add (local.get $low) (f64x2.mul (local.get $p) (local.get $p))))
        (local.set $p (f64x2.promote_low_f32x4
          (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $x) (local.get $x))))
        (local.set $high (f64x2.add (local.get $high) (f64x2.mul (local.get $p) (local.get $p))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next)))
    (local.set $low (f64x2.add (local.get $low) (local.get $high)))
    (f64.add (f64x2.extract_lane 0 (local.get $low)) (f64x2.extract_lane 1 (local.get $low))))

  ;; into = keep into + take from.
  (func (export "blend") (param $into i32) (param $from i32) (param $length i32) (param $keep f32) (param $take f32)
    (local $end i32)
    (local.set $end (i32.add (local.get $from) (local.get $length)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (v128.store (local.get $into)
          (f32x4.add
            (f32x4.mul (f32x4.splat (local.get $keep)) (v128.load (local.get $into)))
            (f32x4.mul (f32x4.splat (local.get $take)) (v128.load (local.get $from)))))
        (local.set $into (i32.add (local.get $into) (i32.const 16)))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next))))

  ;; AdamW: m = beta1 m + take1 g; v = beta2 v + take2 g^2; w = keep w - rate m / (sqrt(v) + epsilon).
  (func (export "adamw")
    (param $w i32) (param $g i32) (param $m i32) (param $v i32) (param $length i32)
    (param $beta1 f32) (param $take1 f32) (param $beta2 f32) (param $take2 f32)
    (param $keep f32) (param $rate f32) (param $epsilon f32)
    (local $i i32) (local $gradient v128) (local $first v128) (local $second v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $length)))
        (local.set $gradient (v128.load (i32.add (local.get $g) (local.get $i))))
        (local.set $first
          (f32x4.add
            (f32x4.mul (f32x4.splat (local.get $beta1)) (v128.load (i32.add (local.get $m) (local.get $i))))
            (f32x4.mul (f32x4.splat (local.get $take1)) (local.get $gradient))))
        (local.set $second
          (f32x4.add
            (f32x4.mul (f32x4.splat (local.get $beta2)) (v128.load (i32.add (local.get $v) (local.get $i))))
            (f32x4.mul (f32x4.splat (local.get $take2)) (f32x4.mul (local.get $gradient) (local.get $gradient)))))
        (v128.store (i32.add (local.get $m) (local.get $i)) (local.get $first))
        (v128.store (i32.add (local.get $v) (local.get $i)) (local.get $second))
        (v128.store (i32.add (local.get $w) (local.get $i))
          (f32x4.sub
            (f32x4.mul (f32x4.splat (local.get $keep)) (v128.load (i32.add (local.get $w) (local.get $i))))
            (f32x4.div
              (f32x4.mul (f32x4.splat (local.get $rate)) (local.get $first))
              (f32x4.add (f32x4.sqrt (local.get $second)) (f32x4.splat (local.get $epsilon))))))
        (local.set $i (i32.add (local.get $i) (i32.const 16)))
        (br $next))))
)
